import { philox4x32, philoxKey, checkOptions, type OptionNames } from '@heed/base';
import { fingerprint } from '../fingerprint.js';
import {
  SHARE_OPTIONS,
  type DatasetSummary,
  type LoadOptions,
  type SequenceDataset,
  type SequenceExample,
} from '../dataset.js';
import { splitter, type Split } from '../split.js';
import { dateSymbols, foldCharacters } from './characters.js';
import { CLDR_DATES } from './cldr.js';
import { FIRST_YEAR, hasTwoReadings, LAST_YEAR, localeSymbol, withLocale } from './parse-date.js';
import { DATE_LOCALES, type DateLocale, type DateStyle, type FrozenFormats } from './styles.js';
import { dateWriter, isoDate, type CalendarDate, type DateWriter } from './write-date.js';

export interface DatesOptions extends LoadOptions {
  /** Share of the dates that are for validation, on average. Default 0.05. */
  readonly validationShare?: number;
  /** Share of the dates that are for the test, on average. Default 0.1. */
  readonly testShare?: number;
}

const OPTIONS: OptionNames<DatesOptions> = { ...SHARE_OPTIONS };

/** A written date with its ISO form; the symbols of both are characters. */
export interface DateExample extends SequenceExample {
  readonly locale: DateLocale;
  readonly style: DateStyle;
  /** The only target, as text: YYYY-MM-DD. */
  readonly iso: string;
  /**
   * Gold alignment: for each symbol of the target, the source positions that it comes from. All four digits of the year have the
   * positions of the written year, month and day likewise; hyphens have none.
   */
  readonly alignment: readonly (readonly number[])[];
}

export interface DatesDataset extends SequenceDataset {
  readonly train: readonly DateExample[];
  readonly validation: readonly DateExample[];
  readonly test: readonly DateExample[];
}

/**
 * Dates of two centuries as 40 locales write them. The formats are those of one release of CLDR, frozen in a file, so the data
 * are the same on every machine.
 *
 * Each date is in one split only, however it is written; every format is in all splits.
 *
 * @throws HeedError INVALID_ARGUMENT for a seed, shares or number out of range
 */
export async function loadDates(options: DatesOptions): Promise<DatesDataset> {
  checkOptions('loadDates', options, OPTIONS);
  const { seed, validationShare = 0.05, testShare = 0.1 } = options;
  const splitOf = splitter(seed, { validation: validationShare, test: testShare });
  const splits: Record<Split, DateExample[]> = { train: [], validation: [], test: [] };
  const writers = DATE_LOCALES.map((locale) => writersOf(locale, CLDR_DATES));
  let number = 0;
  for (const date of everyDate()) {
    const random = philox4x32([number++, 0, 0, 0], philoxKey(seed));
    splits[splitOf(isoDate(date))].push(draw(writers, date, random));
  }
  const identity = {
    task: 'dates',
    version: `cldr@${CLDR_DATES.cldr} sha256:${fingerprint([JSON.stringify(CLDR_DATES.locales)])}`,
    options: { seed, validationShare, testShare },
    sourceSymbols: alphabet(CLDR_DATES),
    targetSymbols: ['-', ...'0123456789'],
  };
  return { ...identity, ...splits, describe: () => summarize(identity, splits, CLDR_DATES) };
}

function* everyDate(): Generator<CalendarDate> {
  for (let year = FIRST_YEAR; year <= LAST_YEAR; year++) {
    for (let month = 1; month <= 12; month++) {
      const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
      for (let day = 1; day <= days; day++) yield { year, month, day };
    }
  }
}

interface Writer {
  readonly locale: DateLocale;
  readonly style: DateStyle;
  readonly write: DateWriter;
}

const writersOf = (locale: DateLocale, { locales }: FrozenFormats): Writer[] =>
  Object.entries(locales[locale].patterns).map(([style, pattern]) => ({
    locale,
    style: style as DateStyle,
    write: dateWriter(pattern, locales[locale]),
  }));

/** Draws a locale and one of its formats; where the locale isn't needed to read the date, every second one is without it. */
function draw(
  writers: readonly (readonly Writer[])[],
  date: CalendarDate,
  [forLocale, forPattern, forTag]: readonly [number, number, number, number],
): DateExample {
  const own = writers[forLocale % writers.length];
  const { locale, style, write } = own[forPattern % own.length];
  const { text, fields } = write(date);
  const input = withLocale(forTag % 2 === 0 || hasTwoReadings(text) ? locale : undefined, text);
  const offset = input.source.length - fields.length;
  const places = { year: [] as number[], month: [] as number[], day: [] as number[] };
  fields.forEach((field, i) => field && places[field].push(i + offset));
  const { year, month, day } = places;
  const iso = isoDate(date);
  return {
    ...input,
    targets: [[...iso]],
    locale,
    style,
    iso,
    alignment: [year, year, year, year, [], month, month, [], day, day],
  };
}

/** Fields of a pattern, which differ from date to date. */
const PLACES = /\{[^}]*\}/g;

/** Source symbols: every character that the formats can write, and the locales. */
function alphabet({ locales }: FrozenFormats): string[] {
  const written = Object.values(locales).flatMap(({ digits, months, weekdays, patterns }) =>
    [digits, months.flat(), weekdays.flat(), Object.values(patterns).map((one) => one.replaceAll(PLACES, ''))].flat(),
  );
  const characters = new Set(written.flatMap((text) => dateSymbols(foldCharacters(text))));
  return [...DATE_LOCALES.map(localeSymbol), ...characters].toSorted();
}

function summarize(
  {
    sourceSymbols,
    targetSymbols,
    ...named
  }: Pick<SequenceDataset, 'task' | 'version' | 'options' | 'sourceSymbols' | 'targetSymbols'>,
  splits: Readonly<Record<Split, readonly DateExample[]>>,
  { locales }: FrozenFormats,
): DatasetSummary {
  const all = [...splits.train, ...splits.validation, ...splits.test];
  const patterns = Object.values(locales).flatMap((own) => Object.values(own.patterns));
  // The numbers of lists are left out, since each locale numbers its own lists.
  const shapes = new Set(patterns.map((pattern) => pattern.replaceAll(/:\d+/g, '')));
  return {
    ...named,
    alphabets: { input: sourceSymbols, output: targetSymbols },
    title: 'Dates as 40 locales write them',
    source: 'Unicode CLDR',
    url: 'https://cldr.unicode.org',
    licence: 'Unicode-3.0, © Unicode, Inc. and contributors',
    counts: {
      dates: all.length,
      locales: Object.keys(locales).length,
      patterns: patterns.length,
      patternsOfAnyLocale: shapes.size,
      withLocale: all.filter(({ source, locale }) => source[0] === localeSymbol(locale)).length,
      train: splits.train.length,
      validation: splits.validation.length,
      test: splits.test.length,
      longestSource: all.reduce((longest, { source }) => Math.max(longest, source.length), 0),
    },
    notes: [
      'The formats are those of one CLDR release, kept with the loader: dates come out the same on every version of Node and in pages.',
      'The calendar is the Gregorian one in every locale; digits are those of the locale (Arabic, Persian, Bengali, Devanagari and Burmese ones among them).',
      'Every date from 1900 to 2099 is there once, in a locale and a format drawn at random; formats with two-digit years are left out.',
      'Half of the texts begin with their locale, and all those that would be another date in another locale.',
      'A date is put into its part by a hash of it and the seed, so no date is in two parts. The formats are in all parts: what is new in the test part is the dates.',
      'Spaces are U+0020, apostrophes are U+0027, and invisible marks are left out; symbols are lower-case characters in NFC.',
    ],
  };
}
