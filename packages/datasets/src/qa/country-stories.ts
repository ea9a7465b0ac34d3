import type { Country } from './countries.js';
import { COUNTRY, fill, QUESTION } from './forms.js';
import type { Random } from '../random.js';
import type { StoryExample } from './story.js';

type Draft = Omit<StoryExample, 'text' | 'family'>;

/** A question, its answer, and the facts that the answer follows from. */
interface Plan {
  readonly question: string[];
  readonly answer: string;
  readonly supports: readonly string[][];
  /** Countries that the question is about; the story also has facts about other countries. */
  readonly about: readonly Country[];
  /** Whether a fact would give another answer; such facts are left out of the story. */
  readonly contradicts?: (fact: readonly string[]) => boolean;
  /** Facts of the story that make the question hard. */
  readonly misleading?: readonly string[][];
}

const MOST_FACTS = 14;

/** Tries to make a story: facts about some of the countries in random order, and a question about one or two of them. */
export function countryStory(countries: readonly Country[], random: Random): Draft | undefined {
  const plan = random.pick(PLANS)(random.pick(countries), countries, random);
  if (plan === undefined) return undefined;
  const others = random.sample(
    countries.filter((country) => !plan.about.includes(country)),
    2 + random.below(3),
  );
  const { misleading = [] } = plan;
  const told = [...plan.about, ...others];
  const distractors = told
    .flatMap((country) => random.sample(factsOf(country, told, random), 1 + random.below(3)))
    .filter(
      (fact) =>
        ![...plan.supports, ...misleading].some((other) => same(other, fact)) && plan.contradicts?.(fact) !== true,
    );
  const unique = [...new Map(distractors.map((fact) => [fact.join(' '), fact])).values()];
  const facts = random.sample([
    ...plan.supports,
    ...misleading,
    ...random.sample(unique, Math.min(unique.length, MOST_FACTS - plan.supports.length - misleading.length)),
  ]);
  const supports = facts.flatMap((fact, n) => (plan.supports.includes(fact as string[]) ? [n] : []));
  return { facts, question: plan.question, answer: [plan.answer], supports };
}

const same = (a: readonly string[], b: readonly string[]): boolean => a.join(' ') === b.join(' ');

const capital = (c: Country): string[] => fill(COUNTRY.capital, c.name, c.capital);
const money = (c: Country): string[] => fill(COUNTRY.money, c.name, c.money);
const region = (c: Country): string[] => fill(COUNTRY.region, c.name, c.region);
const language = (c: Country, spoken: string): string[] => fill(COUNTRY.language, c.name, spoken);
const larger = (a: Country, b: Country): string[] =>
  a.area > b.area ? fill(COUNTRY.larger, a.name, b.name) : fill(COUNTRY.larger, b.name, a.name);
/** The fact that two countries have a border in common, which either of them may come first in. */
const border = (a: Country, b: Country, random: Random): string[] =>
  random.chance(0.5) ? fill(COUNTRY.border, a.name, b.name) : fill(COUNTRY.border, b.name, a.name);

function factsOf(country: Country, told: readonly Country[], random: Random): string[][] {
  const others = told.filter(({ name, area }) => name !== country.name && area !== country.area);
  const neighbours = told.filter(({ name }) => country.borders.includes(name));
  return [
    capital(country),
    money(country),
    region(country),
    language(country, random.pick(country.languages)),
    ...(neighbours.length > 0 ? [border(country, random.pick(neighbours), random)] : []),
    ...(others.length > 0 ? [larger(country, random.pick(others))] : []),
  ];
}

type Planner = (country: Country, all: readonly Country[], random: Random) => Plan | undefined;

/** Whether a fact is of the form and has one of the names: a second such fact would make 'the country that borders X' ambiguous. */
const alsoSays =
  (form: keyof typeof COUNTRY, name: string) =>
  (fact: readonly string[]): boolean =>
    IS_OF[form](fact) && fact.includes(name);

const IS_OF: Readonly<Record<keyof typeof COUNTRY, (fact: readonly string[]) => boolean>> = {
  capital: (fact) => fact[1] === 'capital',
  language: (fact) => fact[3] === 'speak',
  money: (fact) => fact[3] === 'pay',
  region: (fact) => fact[1] === 'lies',
  border: (fact) => fact[1] === 'borders',
  larger: (fact) => fact[2] === 'larger',
};

/** Plan of a question that one fact about one country answers. */
const oneHop =
  (form: keyof typeof COUNTRY, ask: (c: Country, random: Random) => Omit<Plan, 'about' | 'contradicts'>, by = nameOf) =>
  (country: Country, _: readonly Country[], random: Random): Plan => ({
    ...ask(country, random),
    about: [country],
    contradicts: alsoSays(form, by(country)),
  });

function nameOf(country: Country): string {
  return country.name;
}

/** Plan of a question about the neighbour of a country that has only this neighbour in the story. */
const ofNeighbour =
  (
    form: keyof typeof COUNTRY,
    question: string,
    tell: (c: Country, random: Random) => { readonly fact: string[]; readonly answer: string },
  ): Planner =>
  (country, all, random) => {
    const neighbours = all.filter(({ name }) => country.borders.includes(name));
    if (neighbours.length === 0) return undefined;
    const neighbour = random.pick(neighbours);
    const told = tell(neighbour, random);
    const [isBorder, isOther] = [alsoSays('border', country.name), alsoSays(form, neighbour.name)];
    return {
      question: fill(question, country.name),
      answer: told.answer,
      supports: [border(country, neighbour, random), told.fact],
      about: [country, neighbour],
      contradicts: (fact) => isBorder(fact) || isOther(fact),
    };
  };

function spoken(c: Country, random: Random): { fact: string[]; answer: string } {
  const answer = random.pick(c.languages);
  return { fact: language(c, answer), answer };
}

const PLANS: readonly Planner[] = [
  oneHop('capital', (c) => ({ question: fill(QUESTION.capitalOf, c.name), answer: c.capital, supports: [capital(c)] })),
  oneHop(
    'capital',
    (c) => ({ question: fill(QUESTION.ofCapital, c.capital), answer: c.name, supports: [capital(c)] }),
    ({ capital: city }) => city,
  ),
  (c, _, random) => {
    const told = spoken(c, random);
    return {
      question: fill(QUESTION.languageOf, c.name),
      answer: told.answer,
      supports: [told.fact],
      about: [c],
      contradicts: alsoSays('language', c.name),
    };
  },
  oneHop('money', (c) => ({ question: fill(QUESTION.moneyOf, c.name), answer: c.money, supports: [money(c)] })),
  oneHop('region', (c) => ({ question: fill(QUESTION.regionOf, c.name), answer: c.region, supports: [region(c)] })),
  isLarger,
  isLarger,
  isLarger,
  ofNeighbour('capital', QUESTION.capitalOfNeighbour, (c) => ({ fact: capital(c), answer: c.capital })),
  ofNeighbour('language', QUESTION.languageOfNeighbour, spoken),
  ofNeighbour('money', QUESTION.moneyOfNeighbour, (c) => ({ fact: money(c), answer: c.money })),
  (c, _, random) => {
    const told = spoken(c, random);
    const [isCapital, isOther] = [alsoSays('capital', c.capital), alsoSays('language', c.name)];
    return {
      question: fill(QUESTION.languageOfCapital, c.capital),
      answer: told.answer,
      supports: [capital(c), told.fact],
      about: [c],
      contradicts: (fact) => isCapital(fact) || isOther(fact),
    };
  },
  (c, _, random) => {
    const told = spoken(c, random);
    const [isCapital, isOther] = [alsoSays('capital', c.name), alsoSays('language', told.answer)];
    return {
      question: fill(QUESTION.capitalOfLanguage, told.answer),
      answer: c.capital,
      supports: [told.fact, capital(c)],
      about: [c],
      contradicts: (fact) => isCapital(fact) || isOther(fact),
    };
  },
  neighbourWithLanguage,
];

/** Plan of a question whether a country is larger than another: one fact says it, or two facts about a third country. */
function isLarger(country: Country, all: readonly Country[], random: Random): Plan | undefined {
  const [first, second] = random.sample(
    all.filter(({ name, area }) => name !== country.name && area !== country.area),
    2,
  );
  if (first === undefined || second === undefined || first.area === second.area) return undefined;
  const [large, middle, small] = [country, first, second].toSorted((a, b) => b.area - a.area) as [
    Country,
    Country,
    Country,
  ];
  const isDirect = random.chance(0.4);
  const isRight = random.chance(0.5);
  const [a, b] = isRight ? [large, small] : [small, large];
  const smaller = new Set(all.filter(({ area }) => area < large.area).map(({ name }) => name));
  return {
    question: fill(QUESTION.isLarger, a.name, b.name),
    answer: isRight ? 'yes' : 'no',
    supports: isDirect ? [larger(large, small)] : [larger(large, middle), larger(middle, small)],
    about: isDirect ? [large, small] : [large, middle, small],
    // Both are compared with other countries too, but no other facts connect the two.
    contradicts: (fact) =>
      IS_OF.larger(fact) &&
      (fact.includes(middle.name) || (fact.at(-1) === small.name && (fact[0] === large.name || smaller.has(fact[0])))),
  };
}

/** Plan of a question about one of two neighbours of a country, which their languages tell apart. */
function neighbourWithLanguage(country: Country, all: readonly Country[], random: Random): Plan | undefined {
  const neighbours = all.filter(({ name }) => country.borders.includes(name));
  if (neighbours.length < 2) return undefined;
  const [right, wrong] = random.sample(neighbours, 2) as [Country, Country];
  const ours = right.languages.filter((name) => !wrong.languages.includes(name));
  const theirs = wrong.languages.filter((name) => !right.languages.includes(name));
  if (ours.length === 0 || theirs.length === 0) return undefined;
  const asked = random.pick(ours);
  const [isBorder, isLanguage] = [alsoSays('border', country.name), alsoSays('language', asked)];
  const isCapital = alsoSays('capital', right.name);
  return {
    question: fill(QUESTION.capitalOfNeighbourWithLanguage, country.name, asked),
    answer: right.capital,
    supports: [border(country, right, random), language(right, asked), capital(right)],
    about: [country, right, wrong],
    misleading: [border(country, wrong, random), language(wrong, random.pick(theirs)), capital(wrong)],
    contradicts: (fact) => isBorder(fact) || isLanguage(fact) || isCapital(fact),
  };
}
