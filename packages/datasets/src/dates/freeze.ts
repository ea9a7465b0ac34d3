import { DATE_LOCALES, DATE_STYLES, type DateStyle, type FrozenFormats, type LocaleFormats } from './styles.js';

/**
 * Formats of the running JavaScript engine for all locales and styles. Patterns with two-digit years are left out, since they
 * don't say which century is meant; a pattern that a locale has twice is kept once.
 *
 * @throws Error for a format that a pattern can't express
 */
export function freezeFormats(versions: { readonly cldr: string; readonly icu: string }): FrozenFormats {
  const locales = Object.fromEntries(DATE_LOCALES.map((locale) => [locale, freezeLocale(locale)]));
  return { cldr: versions.cldr, icu: versions.icu, locales: locales as FrozenFormats['locales'] };
}

/** Formatter of a locale and style in the Gregorian calendar, without a time of day. */
export const intlFormat = (locale: string, style: DateStyle): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat(`${locale}-u-ca-gregory`, { ...DATE_STYLES[style], timeZone: 'UTC' });

function freezeLocale(locale: string): LocaleFormats {
  const numbers = new Intl.NumberFormat(locale, { useGrouping: false });
  const digits = Array.from({ length: 10 }, (_, digit) => numbers.format(digit)).join('');
  const months: string[][] = [];
  const weekdays: string[][] = [];
  const patterns: Partial<Record<DateStyle, string>> = {};
  for (const style of Object.keys(DATE_STYLES) as DateStyle[]) {
    const pattern = freezePattern(intlFormat(locale, style), { digits, months, weekdays });
    if (pattern !== undefined && !Object.values(patterns).includes(pattern)) patterns[style] = pattern;
  }
  return { digits, months, weekdays, patterns };
}

interface Lists {
  readonly digits: string;
  readonly months: string[][];
  readonly weekdays: string[][];
}

function freezePattern(format: Intl.DateTimeFormat, { digits, months, weekdays }: Lists): string | undefined {
  const written = (month: number, day: number) => format.formatToParts(Date.UTC(2001, month, day));
  const valueOf = (type: string, month: number, day: number): string =>
    written(month, day).find((part) => part.type === type)!.value;
  const pieces = written(3, 1).map(({ type, value }) => {
    switch (type) {
      case 'year':
        return [...value].length === 4 ? '{year}' : undefined;
      case 'day':
        return [...value].length === 2 ? '{dd}' : '{d}';
      case 'month': {
        if (value === digits[4]) return '{m}';
        if (value === `${digits[0]}${digits[4]}`) return '{mm}';
        return `{month:${place(
          months,
          Array.from({ length: 12 }, (_, month) => valueOf('month', month, 1)),
        )}}`;
      }
      case 'weekday':
        // The 7th of January 2001 was a Sunday.
        return `{weekday:${place(
          weekdays,
          Array.from({ length: 7 }, (_, day) => valueOf('weekday', 0, 7 + day)),
        )}}`;
      case 'era': // the same era of the Gregorian calendar in all years of the data
      case 'literal':
        if (/[{}]/.test(value)) throw new Error(`braces in ${JSON.stringify(value)}`);
        return value;
      default:
        throw new Error(`a part ${type} in a date`);
    }
  });
  return pieces.includes(undefined) ? undefined : pieces.join('');
}

/** Index of a list among the lists; a new list is added to them. */
function place(lists: string[][], list: string[]): number {
  const at = lists.findIndex((one) => one.join('\n') === list.join('\n'));
  return at >= 0 ? at : lists.push(list) - 1;
}
