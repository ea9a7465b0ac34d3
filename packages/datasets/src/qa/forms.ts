/**
 * Sentences by form: words in lower case, and places for names in braces. A name is one word of a sentence, whatever it is
 * written with: 'South Korea'.
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
// The longer first: what a name may be is open, so 'where is the lamp' could be of a person called 'the lamp'.
export const QUESTION_FORMS: readonly string[] = Object.values(QUESTION).toSorted((a, b) => b.length - a.length);

/** Answers that are no names. */
export const CLOSED_ANSWERS = ['yes', 'no', 'nothing', 'none', 'one', 'two', 'three'] as const;
/** Numbers as answers: how many. */
export const COUNTS = ['none', 'one', 'two', 'three'] as const;

const isPlace = (word: string): boolean => word.startsWith('{');

/** Words of all forms, sorted: whatever else is in a sentence is a name. */
export const FORM_WORDS: readonly string[] = [
  ...new Set([...FACT_FORMS, ...QUESTION_FORMS].flatMap((form) => form.split(' ')).filter((word) => !isPlace(word))),
].toSorted();

/** A form with names in its places, in their order. */
export function fill(form: string, ...names: readonly string[]): string[] {
  let n = 0;
  return form.split(' ').map((word) => (isPlace(word) ? names[n++] : word));
}

const PATTERNS = new Map<string, RegExp>();

/** The words of a sentence if it is of the form, its names as they are written. */
export function match(form: string, sentence: string): string[] | undefined {
  let pattern = PATTERNS.get(form);
  if (pattern === undefined) {
    pattern = new RegExp(`^${form.replaceAll(/\{\w+\}/g, '(.+?)')}$`, 'i');
    PATTERNS.set(form, pattern);
  }
  const found = pattern.exec(sentence);
  return found === null ? undefined : fill(form, ...found.slice(1));
}
