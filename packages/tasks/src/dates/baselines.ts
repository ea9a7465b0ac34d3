import type { DateExample } from '@heed/datasets';

type Reader = (source: readonly string[]) => readonly string[];

/**
 * Baseline that reads numbers by their order, and the month by the word that is most typical of one. The number of three digits
 * or more is the year. Two other numbers are day and month before the year, month and day after it. A single other number is the
 * day, and a word says the month.
 */
export function numbersAndWords(train: readonly DateExample[]): Reader {
  const counts = new Map<string, number[]>();
  for (const { source, iso } of train) {
    for (const word of tokens(source).filter((token) => typeof token === 'string')) {
      const ofWord = counts.get(word) ?? Array<number>(12).fill(0);
      counts.set(word, ofWord);
      ofWord[Number(iso.slice(5, 7)) - 1]++;
    }
  }
  /** Most frequent month of each word, with its share of the dates that have the word. */
  const meaning = new Map(
    Array.from(counts, ([word, ofWord]) => {
      const most = Math.max(...ofWord);
      return [word, { month: ofWord.indexOf(most) + 1, share: most / ofWord.reduce((sum, n) => sum + n, 0) }] as const;
    }),
  );
  return (source) => {
    const read = tokens(source);
    const numbers = read.filter((token) => typeof token === 'number');
    const yearAt = numbers.findIndex((number) => number >= 100);
    const others = numbers.filter((_, i) => i !== yearAt);
    const [best] = read
      .flatMap((token) => (typeof token === 'string' ? (meaning.get(token) ?? []) : []))
      .toSorted((a, b) => b.share - a.share);
    const named = others.length < 2 ? best?.month : undefined;
    const ordered = yearAt === 0 ? others.toReversed() : others;
    const [day = 1, month = 1] = ordered[1] !== undefined && ordered[1] > 12 ? ordered.toReversed() : ordered;
    return iso(numbers[yearAt] ?? 1900, named ?? month, day);
  };
}

/** Forms that Date reads as midnight in UTC; it reads other text in local time. */
const ISO_DATE = /^\d{4}(?:-\d{2}){0,2}$/;

/** Baseline that reads the text, without its locale, with the Date of the JavaScript engine; empty where that finds no date. */
export const dateParse: Reader = (source) => {
  const text = source.filter((symbol) => !symbol.endsWith(':')).join('');
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return [];
  return ISO_DATE.test(text)
    ? iso(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate())
    : iso(date.getFullYear(), date.getMonth() + 1, date.getDate());
};

const iso = (year: number, month: number, day: number): string[] => [
  ...[String(year).padStart(4, '0'), String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-'),
];

/** Numbers and words of a text, in their order. */
function tokens(source: readonly string[]): (number | string)[] {
  const found = source.join('').matchAll(/(\p{Nd}+)|[\p{L}\p{M}]+:?/gu);
  return Array.from(found, ([token, digits]) => (digits === undefined ? token : valueOf(digits)));
}

/** Number that digits of any script mean. Unicode has the ten digits of a script in a row; before 0 there is no digit. */
function valueOf(digits: string): number {
  return Array.from(digits).reduce((value, digit) => {
    const code = digit.codePointAt(0)!;
    let number = 0;
    while (number < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - number - 1))) number++;
    return 10 * value + number;
  }, 0);
}
