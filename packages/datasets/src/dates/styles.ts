/**
 * What dates are written in: 40 locales, chosen for different scripts, orders, digits and endings. Calendar is the Gregorian
 * one everywhere (`-u-ca-gregory`: Thai and Persian dates are in other calendars by default); digits are those that the locale
 * has by default, which for ar-EG, bn, fa, mr and my are their own.
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

/** How they are written: options of Intl.DateTimeFormat by a name for them. */
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

/** The formats of a locale as CLDR has them, without the library that applies them. */
export interface LocaleFormats {
  /** Zero to nine. */
  readonly digits: string;
  /** Lists of twelve names, from January. */
  readonly months: readonly (readonly string[])[];
  /** Lists of seven names, from Sunday. */
  readonly weekdays: readonly (readonly string[])[];
  /**
   * Patterns by the first style that has them. {year}; {m} or {mm} the number of the month; {month:0} its name in the first
   * list; {d} or {dd} the day; {weekday:0}. Anything else stands for itself.
   */
  readonly patterns: Readonly<Partial<Record<DateStyle, string>>>;
}

export interface FrozenFormats {
  /** What they were read from, as `process.versions` has it. */
  readonly cldr: string;
  readonly icu: string;
  readonly locales: Readonly<Record<DateLocale, LocaleFormats>>;
}
