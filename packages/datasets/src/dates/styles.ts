/**
 * The 40 locales that dates are written in, chosen for different scripts, orders, digits and endings. The calendar is Gregorian
 * everywhere (`-u-ca-gregory`, since the default calendar of Thai and Persian is another); digits are the locale's default, which
 * for ar-EG, bn, fa, mr and my are not the Latin ones.
 */
export const DATE_LOCALES = [
  'am',
  'ar-EG',
  'bg',
  'bn',
  'ca',
  'cs',
  'de',
  'el',
  'en-GB',
  'en-US',
  'es',
  'eu',
  'fa',
  'fi',
  'fr',
  'he',
  'hi',
  'hu',
  'hy',
  'it',
  'ja',
  'ka',
  'kk',
  'ko',
  'lt',
  'lv',
  'mr',
  'my',
  'nl',
  'pl',
  'pt-BR',
  'ru',
  'sv',
  'sw',
  'ta',
  'th',
  'tr',
  'uk',
  'vi',
  'zh',
] as const;

const YEAR_DAY = { year: 'numeric', day: 'numeric' } as const;
const PADDED = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;

/** Styles of dates: options of Intl.DateTimeFormat, by a name for each. */
export const DATE_STYLES = {
  full: { dateStyle: 'full' },
  long: { dateStyle: 'long' },
  medium: { dateStyle: 'medium' },
  short: { dateStyle: 'short' },
  numeric: { ...YEAR_DAY, month: 'numeric' },
  padded: PADDED,
  shortMonth: { ...YEAR_DAY, month: 'short' },
  longMonth: { ...YEAR_DAY, month: 'long' },
  shortWeekdayNumeric: { ...YEAR_DAY, month: 'numeric', weekday: 'short' },
  longWeekdayPadded: { ...PADDED, weekday: 'long' },
  shortWeekdayShortMonth: { ...YEAR_DAY, month: 'short', weekday: 'short' },
  longWeekdayLongMonth: { ...YEAR_DAY, month: 'long', weekday: 'long' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

export type DateLocale = (typeof DATE_LOCALES)[number];
export type DateStyle = keyof typeof DATE_STYLES;

/** Formats of a locale as CLDR defines them, as plain data. */
export interface LocaleFormats {
  /** Digits from zero to nine. */
  readonly digits: string;
  /** Lists of twelve names, from January. */
  readonly months: readonly (readonly string[])[];
  /** Lists of seven names, from Sunday. */
  readonly weekdays: readonly (readonly string[])[];
  /**
   * Patterns, each under the first style that has it. Fields: {year}; {m} or {mm}, the number of the month; {month:0}, its name
   * in list 0; {d} or {dd}, the day; {weekday:0}. All other text is literal.
   */
  readonly patterns: Readonly<Partial<Record<DateStyle, string>>>;
}

export interface FrozenFormats {
  /** Version of CLDR that they were read from, as in `process.versions`. */
  readonly cldr: string;
  readonly icu: string;
  readonly locales: Readonly<Record<DateLocale, LocaleFormats>>;
}
