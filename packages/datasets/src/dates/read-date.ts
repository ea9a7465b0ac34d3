import leven from 'leven';
import { dateSymbols, digitOf, foldCharacters } from './characters.js';
import { CLDR_DATES } from './cldr.js';
import type { DateLocale } from './styles.js';

/** A reading of a text as a date; a field is undefined when the text has none that is recognised. */
export interface DateReading {
  readonly year: number;
  readonly month?: number;
  readonly day?: number;
}

/** A run of digits of any script, with its index in the text. */
interface WrittenNumber {
  readonly digits: number;
  readonly value: number;
  readonly index: number;
}

/** Parts of a text: its numbers of one or two digits, those of three or more, and the months that it names. */
export interface DateParts {
  readonly years: readonly WrittenNumber[];
  readonly numbers: readonly WrittenNumber[];
  readonly months: readonly number[];
  /** Rest of the text in lower case, with a full stop for each number and each name. */
  readonly rest: string;
}

/**
 * Takes a text apart.
 *
 * @param written folded, see `foldCharacters`
 */
export function dateParts(written: string): DateParts {
  const { pattern, months, weekdays } = names();
  const named: string[] = [];
  // Names come first, since some have numbers in them: '4월', 'Thứ 2'.
  const rest = lowered(written).replaceAll(pattern, (name) => {
    if (months.has(name)) named.push(name);
    return '.'.repeat(name.length);
  });
  const numbers = numbersOf(rest).filter(({ digits }) => digits < 3);
  // 'mar' is a month or a weekday: in 'mar, 16 ene' and 'mar, 16/1' what stands beside it shows that it is the weekday.
  const sure = named.filter((name) => !weekdays.has(name));
  const ofMonths = sure.length > 0 || numbers.length > 1 ? sure : named;
  return {
    years: numbersOf(rest).filter(({ digits }) => digits >= 3),
    numbers,
    months: [...new Set(ofMonths.map((name) => months.get(name)!))],
    rest,
  };
}

/**
 * Readings of a date whose year is known, in one locale or in any. Two numbers are day and month; after the year, and in en-US,
 * month and day. Without a locale, numbers with slashes have both readings. Empty when nothing is recognised.
 */
export function readingsOf(
  { years: [year], numbers, months, rest }: DateParts,
  locale: DateLocale | undefined,
): readonly DateReading[] {
  const { value, index } = year!;
  if (months.length > 1) return [];
  const [first, second] = numbers;
  if (months.length === 1) return [{ year: value, month: months[0], ...(first && { day: first.value }) }];
  if (first === undefined) return [{ year: value }];
  if (second === undefined) return aloneReadings(value, first, rest);
  const dayFirst = { year: value, month: second.value, day: first.value };
  const monthFirst = { year: value, month: first.value, day: second.value };
  if (index < first.index) return [monthFirst];
  if (locale === 'en-US') return [monthFirst];
  return locale === undefined && rest.includes('/') ? [dayFirst, monthFirst] : [dayFirst];
}

/**
 * Readings of one number beside the year. It is the month when its sign follows ('4月') or no word may name a month; else the day,
 * of each month that a word of the text is a slip away from ('31 Febuary', '30feb'), or of one unknown.
 */
function aloneReadings(year: number, { value, digits, index }: WrittenNumber, rest: string): DateReading[] {
  const after = rest.slice(index + digits);
  const words = rest.match(/[\p{L}\p{M}]+/gu) ?? [];
  if (words.length === 0 || names().monthSigns.some((sign) => after.startsWith(sign))) return [{ year, month: value }];
  const months = new Set(words.flatMap(monthsLike));
  return months.size === 0 ? [{ year, day: value }] : [...months].map((month) => ({ year, month, day: value }));
}

// With one slip in so many letters, the rest is too much for a coincidence.
const LETTERS_A_SLIP = 4;

/** Months that a word names with a slip of the pen in it, or with no space beside it. */
function monthsLike(word: string): number[] {
  const slips = Math.floor(word.length / LETTERS_A_SLIP);
  return [...names().months].flatMap(([name, month]) =>
    leven(word, name, { maxDistance: slips + 1 }) <= slips ? [month] : [],
  );
}

export const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** Runs of digits in a text. */
function numbersOf(text: string): WrittenNumber[] {
  const numbers: { digits: number; value: number; index: number }[] = [];
  let before = false;
  let index = 0;
  for (const character of text) {
    const digit = digitOf(character);
    if (digit !== undefined && before) {
      const last = numbers.at(-1)!;
      last.digits++;
      last.value = 10 * last.value + digit;
    } else if (digit !== undefined) {
      numbers.push({ digits: 1, value: digit, index });
    }
    before = digit !== undefined;
    index += character.length;
  }
  return numbers;
}

interface Names {
  /** Matches any name of a month or weekday in any locale as a whole word, the longest name first. */
  readonly pattern: RegExp;
  /** Number of the month for each name of a month: no name means different months in two locales. */
  readonly months: ReadonlyMap<string, number>;
  readonly weekdays: ReadonlySet<string>;
  /** Signs that follow a number and show that it is a month. */
  readonly monthSigns: readonly string[];
}

let made: Names | undefined;

const names = (): Names => (made ??= makeNames());

function makeNames(): Names {
  const months = new Map<string, number>();
  const weekdays = new Set<string>();
  const monthSigns = new Set<string>();
  for (const locale of Object.values(CLDR_DATES.locales)) {
    for (const list of locale.months) list.forEach((name, n) => months.set(plainName(name), n + 1));
    for (const name of locale.weekdays.flat()) weekdays.add(plainName(name));
    for (const pattern of Object.values(locale.patterns)) {
      // In Hebrew and Basque, 'in March' and 'of March' are one word with the name.
      for (const [, before, list, after] of pattern.matchAll(/(\p{L}*)\{month:(\d+)\}(\p{L}*)/gu))
        locale.months[Number(list)].forEach((name, n) => months.set(plainName(`${before}${name}${after}`), n + 1));
      for (const [, sign] of pattern.matchAll(/\{mm?\}(\p{L}+)/gu)) monthSigns.add(plainName(sign!));
    }
  }
  const all = [...months.keys(), ...weekdays].toSorted((a, b) => b.length - a.length).map(escaped);
  return {
    pattern: new RegExp(`(?<![\\p{L}\\p{M}\\p{N}])(?:${all.join('|')})(?![\\p{L}\\p{M}\\p{N}])`, 'gu'),
    months,
    weekdays,
    monthSigns: [...monthSigns],
  };
}

const lowered = (text: string): string => dateSymbols(text).join('');

/** A name in the form that is searched for: without the full stop of an abbreviation, which people leave out. */
const plainName = (name: string): string => lowered(foldCharacters(name)).replace(/\.$/, '');

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
