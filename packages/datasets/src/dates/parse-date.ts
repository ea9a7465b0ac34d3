import { HeedError } from '@heed/base';
import { dateSymbols, foldCharacters } from './characters.js';
import { dateLocaleOf } from './date-locale.js';
import { dateOfMail } from './mail-date.js';
import { dateParts, daysIn, readingsOf, type DateParts, type DateReading } from './read-date.js';
import { DATE_LOCALES, type DateLocale } from './styles.js';

/** The first and the last year of the data. */
export const FIRST_YEAR = 1900;
export const LAST_YEAR = 2099;

/** Input of the model, made from a date that somebody typed. */
export interface DateInput {
  /** Folded text, with or without a locale: 'de: 3. März 2024'. */
  readonly text: string;
  /** Symbols: the locale with its colon as one symbol, where it is given, then the characters. */
  readonly source: readonly string[];
}

// The longest date of the data has 45 characters.
const LONGEST = 60;

/**
 * Reads a date as people type it, with a locale and a colon before it or without: `de: 3. März 2024`, `3 March 2024`. A locale
 * without a region gets its default region; the date of a mail's header loses its time.
 *
 * @throws HeedError INVALID_ARGUMENT for an unknown locale; for text without exactly one four-digit year from 1900 to 2099; for
 *   4/3/2024 without a locale, which is one date in the United States and another elsewhere; and for text that names no day, or
 *   a day that doesn't exist, as far as numbers and names of months show it
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

/** What is wrong with a date, for the error; undefined when it names a day that exists or when that can't be decided. */
function whatIsWrong(parts: DateParts, locale: DateLocale | undefined): string | undefined {
  const most = parts.months.length > 0 ? 1 : 2;
  if (parts.numbers.length > most)
    return `has ${parts.numbers.length} numbers beside the year, and ${most} at most is day or month`;
  const wrong = readingsOf(parts, locale).map(whyNot);
  if (wrong.length === 0 || wrong.includes(undefined)) return undefined;
  // When a date has two readings, report the one whose month exists.
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

/** Input of the model from folded text, with its locale or without. */
export function withLocale(locale: DateLocale | undefined, written: string): DateInput {
  if (locale === undefined) return { text: written, source: dateSymbols(written) };
  return { text: `${locale}: ${written}`, source: [localeSymbol(locale), ...dateSymbols(written)] };
}

export const localeSymbol = (locale: DateLocale): string => `${locale}:`;

/**
 * Whether month and day can be told apart only by the locale. Such dates are only those with numbers and slashes before the
 * year: en-US has the month first, the others the day. With dots or hyphens the day is first everywhere, and after the year the
 * month. Weekdays, which would decide some dates, are not used.
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
