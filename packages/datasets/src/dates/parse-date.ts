import { HeedError } from '@heed/base';
import { dateSymbols, foldCharacters } from './characters.js';
import { dateLocaleOf } from './date-locale.js';
import { dateOfMail } from './mail-date.js';
import { dateParts, daysIn, readingsOf, type DateParts, type DateReading } from './read-date.js';
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
 * A date as people type it, after its locale and a colon or alone: `de: 3. März 2024`, `3 March 2024`. A locale without its region
 * is that of its default one, and the date of a mail's header loses its time.
 *
 * @throws HeedError INVALID_ARGUMENT for an unknown locale, for text without one year of four digits from 1900 to 2099, for
 *   4/3/2024 without a locale, which is one date in the United States and another elsewhere, and for a text that names no
 *   day or one that doesn't exist, as far as numbers and names of months tell
 */
export function parseDate(typed: string): DateInput {
  const folded = foldCharacters(typed).replaceAll(/ +/g, ' ').trim();
  const mail = dateOfMail(folded);
  if (mail !== undefined) return parseWritten(typed, mail, 'en-GB');
  const [, tag, rest] = /^((?!\d)[^:,\s]*) ?: ?(.*)$/.exec(folded) ?? [];
  return parseWritten(typed, rest ?? folded, tag === undefined ? undefined : localeOf(tag, typed));
}

function parseWritten(typed: string, written: string, locale: DateLocale | undefined): DateInput {
  if (dateSymbols(written).length > LONGEST) {
    throw refused(typed, `is longer than ${LONGEST} characters`, 'one date, nothing else');
  }
  const parts = dateParts(written);
  const [year, ...others] = parts.years;
  if (year?.digits !== 4 || others.length > 0 || year.value < FIRST_YEAR || year.value > LAST_YEAR) {
    throw refused(
      typed,
      'has not one year of four digits',
      `the year has four digits, from ${FIRST_YEAR} to ${LAST_YEAR}`,
    );
  }
  const wrong = whatIsWrong(parts, locale);
  if (wrong !== undefined) throw refused(typed, wrong, 'a day of the calendar: day, month and year, nothing else');
  if (locale === undefined && hasTwoReadings(written)) {
    throw refused(
      typed,
      'is one date in the United States and another elsewhere',
      `say where it was written: 'en-US: ${written}' or 'en-GB: ${written}'`,
    );
  }
  return withLocale(locale, written);
}

/** Undefined when the text names a day that exists, or when that can't be told. */
function whatIsWrong(parts: DateParts, locale: DateLocale | undefined): string | undefined {
  const most = parts.months.length > 0 ? 1 : 2;
  if (parts.numbers.length > most)
    return `has ${parts.numbers.length} numbers beside the year, and ${most} at most is day or month`;
  const wrong = readingsOf(parts, locale).map(whyNot);
  if (wrong.length === 0 || wrong.includes(undefined)) return undefined;
  // Of a date that may be read in two ways, the one whose month exists.
  return wrong.find((why) => !why!.includes('names month')) ?? wrong[0];
}

function whyNot({ year, month, day }: DateReading): string | undefined {
  if (month !== undefined && (month < 1 || month > 12)) return `names month ${month} of ${year}, which has 12`;
  if (day === undefined) return 'names no day';
  if (month === undefined) return day < 1 || day > 31 ? `names day ${day}, and no month has one` : undefined;
  const days = daysIn(year, month);
  return day < 1 || day > days ? `names day ${day} of ${monthName(month)} ${year}, which has ${days} days` : undefined;
}

const monthName = (month: number): string =>
  new Intl.DateTimeFormat('en', { month: 'long', timeZone: 'UTC' }).format(Date.UTC(2000, month - 1));

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
  const locale = dateLocaleOf(tag);
  if (locale !== undefined) return locale;
  throw refused(
    typed,
    `has the locale ${JSON.stringify(tag.slice(0, 40))}, which isn't known`,
    `locales are: ${DATE_LOCALES.join(' ')}`,
  );
}

const refused = (typed: string, what: string, hint: string): HeedError =>
  new HeedError('INVALID_ARGUMENT', {
    message: `dates: ${JSON.stringify(typed.slice(0, 80))} ${what}`,
    hint,
    details: { text: typed },
  });
