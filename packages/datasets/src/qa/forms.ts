/**
 * Forms of sentences that say where somebody went. A form has words in lower case, and slots for names in braces. A name counts
 * as one word of a sentence, even with a space: 'South Korea'.
 */
export const MOVE = [
  '{person} went to the {place}',
  '{person} walked to the {place}',
  '{person} hurried to the {place}',
  '{person} ran to the {place}',
] as const;
export const TAKE = [
  '{person} took the {thing}',
  '{person} grabbed the {thing}',
  '{person} picked up the {thing}',
] as const;
export const DROP = ['{person} dropped the {thing}', '{person} put down the {thing}'] as const;

export const COUNTRY = {
  capital: 'the capital of {country} is {city}',
  language: 'people in {country} speak {language}',
  money: 'people in {country} pay with {money}',
  region: '{country} lies in {region}',
  border: '{country} borders {other}',
  larger: '{country} is larger than {other}',
} as const;

export const QUESTION = {
  wherePerson: 'where is {person}',
  whereThing: 'where is the {thing}',
  whereBefore: 'where was the {thing} before the {place}',
  howMany: 'how many things is {person} carrying',
  isIn: 'is {person} in the {place}',
  carrying: 'what is {person} carrying',
  capitalOf: 'what is the capital of {country}',
  ofCapital: '{city} is the capital of which country',
  languageOf: 'which language do people in {country} speak',
  moneyOf: 'what do people in {country} pay with',
  regionOf: 'where does {country} lie',
  isLarger: 'is {country} larger than {other}',
  capitalOfNeighbour: 'what is the capital of the country that borders {country}',
  languageOfNeighbour: 'which language do people speak in the country that borders {country}',
  moneyOfNeighbour: 'what do people pay with in the country that borders {country}',
  languageOfCapital: 'which language do people speak in the country with the capital {city}',
  capitalOfLanguage: 'what is the capital of the country where people speak {language}',
  capitalOfNeighbourWithLanguage:
    'what is the capital of the country that borders {country} and where people speak {language}',
} as const;

export const FACT_FORMS: readonly string[] = [...MOVE, ...TAKE, ...DROP, ...Object.values(COUNTRY)];
// The longest form is tried first: names are free, so 'where is the lamp' also fits the form for a person, named 'the lamp'.
export const QUESTION_FORMS: readonly string[] = Object.values(QUESTION).toSorted((a, b) => b.length - a.length);

/** Answers that aren't names. */
export const CLOSED_ANSWERS = ['yes', 'no', 'nothing', 'none', 'one', 'two', 'three'] as const;
/** Answers to 'how many', by number. */
export const COUNTS = ['none', 'one', 'two', 'three'] as const;

const isPlace = (word: string): boolean => word.startsWith('{');

/** Words of all forms, sorted: every other word of a sentence is a name. */
export const FORM_WORDS: readonly string[] = [
  ...new Set([...FACT_FORMS, ...QUESTION_FORMS].flatMap((form) => form.split(' ')).filter((word) => !isPlace(word))),
].toSorted();

/** Words of a form whose slots are filled with names, in order. */
export function fill(form: string, ...names: readonly string[]): string[] {
  let n = 0;
  return form.split(' ').map((word) => (isPlace(word) ? names[n++] : word));
}

const PATTERNS = new Map<string, RegExp>();

/** Words of a sentence that has the form, its names as they are written; undefined when it has another form. */
export function match(form: string, sentence: string): string[] | undefined {
  let pattern = PATTERNS.get(form);
  if (pattern === undefined) {
    pattern = new RegExp(`^${form.replaceAll(/\{\w+\}/g, '(.+?)')}$`, 'i');
    PATTERNS.set(form, pattern);
  }
  const found = pattern.exec(sentence);
  return found === null ? undefined : fill(form, ...found.slice(1));
}
