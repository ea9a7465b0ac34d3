import { HeedError } from '@heed/core';
import { dateSymbols, digitOf, foldCharacters } from './characters.js';
import { DATE_LOCALES, type DateLocale } from './styles.js';

/** The first and the last year of the data. */
export const FIRST_YEAR = 1900;
export const LAST_YEAR = 2099;

/** What the model is given of a date that somebody typed. */
export interface DateInput {
  /** Folded: 'de: 3. März 2024', or without the locale. */
  readonly text: string;
  /** The locale with a colon as one symbol, where it is given; then characters. */
  readonly source: readonly string[];
}

// The longest date of the data has 45 characters.
const LONGEST = 60;

/**
 * A date as people type it, after its locale and a colon or alone: `de: 3. März 2024`, `3 March 2024`.
 *
 * @throws HeedError INVALID_ARGUMENT for an unknown locale, for text without one year of four digits from 1900 to 2099, and
 *   for 4/3/2024 without a locale, which is one date in the United States and another elsewhere
 */
export function parseDate(typed: string): DateInput {
  const folded = foldCharacters(typed).replaceAll(/ +/g, ' ').trim();
  const [, tag, rest] = /^([^:]*?) ?: ?(.*)$/.exec(folded) ?? [];
  const written = rest ?? folded;
  const locale = tag === undefined ? undefined : localeOf(tag, typed);
  if (dateSymbols(written).length > LONGEST) {
    throw refused(typed, `is longer than ${LONGEST} characters`, 'one date, nothing else');
  }
  const years = numbersOf(written).filter(({ digits }) => digits >= 3);
  if (years.length !== 1 || years[0]!.digits !== 4 || years[0]!.value < FIRST_YEAR || years[0]!.value > LAST_YEAR) {
    throw refused(
      typed,
      'has not one year of four digits',
      `the year has four digits, from ${FIRST_YEAR} to ${LAST_YEAR}`,
    );
  }
  if (locale === undefined && hasTwoReadings(written)) {
    throw refused(
      typed,
      'is one date in the United States and another elsewhere',
      `say where it was written: 'en-US: ${written}' or 'en-GB: ${written}'`,
    );
  }
  return withLocale(locale, written);
}

/** A date with its locale, or without; folded text is taken as it is. */
export function withLocale(locale: DateLocale | undefined, written: string): DateInput {
  if (locale === undefined) return { text: written, source: dateSymbols(written) };
  return { text: `${locale}: ${written}`, source: [localeSymbol(locale), ...dateSymbols(written)] };
}

export const localeSymbol = (locale: DateLocale): string => `${locale}:`;

/**
 * Whether month and day can't be told apart without the locale. Numbers with slashes before the year are the only such dates:
 * en-US has the month first and the others have the day first, while with dots or hyphens the day is first everywhere, and
 * after the year the month. Weekdays, which would decide some, are left aside.
 */
export function hasTwoReadings(written: string): boolean {
  const [first, second] = /(\d{1,2})\/(\d{1,2})\/\d{4}/.exec(written)?.slice(1).map(Number) ?? [];
  return first !== undefined && second !== undefined && first !== second && first <= 12 && second <= 12;
}

function localeOf(tag: string, typed: string): DateLocale {
  const locale = DATE_LOCALES.find((known) => known.toLowerCase() === tag.toLowerCase());
  if (locale !== undefined) return locale;
  throw refused(
    typed,
    `has the locale ${JSON.stringify(tag.slice(0, 40))}, which isn't known`,
    `locales are: ${DATE_LOCALES.join(' ')}`,
  );
}

/** The runs of digits in a text. */
function numbersOf(text: string): { digits: number; value: number }[] {
  const numbers: { digits: number; value: number }[] = [];
  let before = false;
  for (const character of text) {
    const digit = digitOf(character);
    if (digit !== undefined && before) {
      const last = numbers.at(-1)!;
      last.digits++;
      last.value = 10 * last.value + digit;
    } else if (digit !== undefined) {
      numbers.push({ digits: 1, value: digit });
    }
    before = digit !== undefined;
  }
  return numbers;
}

const refused = (typed: string, what: string, hint: string): HeedError =>
  new HeedError('INVALID_ARGUMENT', {
    message: `dates: ${JSON.stringify(typed.slice(0, 80))} ${what}`,
    hint,
    details: { text: typed },
  });
