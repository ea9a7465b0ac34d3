import { DATE_LOCALES, DATE_STYLES, type DateStyle, type FrozenFormats, type LocaleFormats } from './styles.js';

/**
 * The formats that the running JavaScript has for the locales and styles. Patterns with two-digit years are left out, as they
 * don't say which century is meant; of equal patterns of a locale there is one.
 *
 * @throws Error where a format isn't what a pattern can say
 */
export function freezeFormats(versions: { readonly cldr: string; readonly icu: string }): FrozenFormats {
  const locales = Object.fromEntries(DATE_LOCALES.map((locale) => [locale, freezeLocale(locale)]));
  return { cldr: versions.cldr, icu: versions.icu, locales: locales as FrozenFormats['locales'] };
}

/** In the Gregorian calendar and without a clock. */
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
      case 'era': // of the Gregorian calendar, one in all years that are written
      case 'literal':
        if (/[{}]/.test(value)) throw new Error(`braces in ${JSON.stringify(value)}`);
        return value;
      default:
        throw new Error(`a part ${type} in a date`);
    }
  });
  return pieces.includes(undefined) ? undefined : pieces.join('');
}

/** Where a list is among the lists; put there when it is new. */
function place(lists: string[][], list: string[]): number {
  const at = lists.findIndex((one) => one.join('\n') === list.join('\n'));
  return at >= 0 ? at : lists.push(list) - 1;
}
