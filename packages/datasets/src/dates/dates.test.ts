import { beforeAll, describe, expect, it } from 'vitest';
import { loadDates, parseDate, type DateExample, type DatesDataset } from '../index.js';
import { dateSymbols, digitOf, foldCharacters } from './characters.js';
import { CLDR_DATES } from './cldr.js';
import { freezeFormats, intlFormat } from './freeze.js';
import { DATE_LOCALES, type DateLocale, type DateStyle, type LocaleFormats } from './styles.js';
import { dateWriter } from './write-date.js';

let data: DatesDataset;
let all: readonly DateExample[];
beforeAll(async () => {
  data = await loadDates({ seed: 1 });
  all = [...data.train, ...data.validation, ...data.test];
}, 60_000);

const isHere = process.versions['cldr'] === CLDR_DATES.cldr;
const patterns = DATE_LOCALES.flatMap((locale) =>
  Object.entries(CLDR_DATES.locales[locale].patterns).map(([style, pattern]) => ({
    locale,
    style: style as DateStyle,
    pattern,
    formats: CLDR_DATES.locales[locale],
  })),
);

describe.skipIf(!isHere)('the formats, where Intl has the same CLDR', () => {
  it('are what freezing gives', () => {
    const { cldr, icu } = CLDR_DATES;
    expect(freezeFormats({ cldr, icu })).toEqual(CLDR_DATES);
  });

  it('write dates, and their parts, as Intl does', () => {
    const wrong: unknown[] = [];
    for (const [n, { locale, style, pattern, formats }] of patterns.entries()) {
      const write = dateWriter(pattern, formats);
      const intl = intlFormat(locale, style);
      // Every month and weekday, days of one and two digits, both ends.
      for (let day = n % 31; day < 73_049; day += 2003) {
        const utc = new Date(Date.UTC(1900, 0, 1 + day));
        const { text, fields } = write({
          year: utc.getUTCFullYear(),
          month: utc.getUTCMonth() + 1,
          day: utc.getUTCDate(),
        });
        const parts = intl.formatToParts(utc).map(({ type, value }) => ({
          field: ['year', 'month', 'day'].includes(type) ? type : undefined,
          value: foldCharacters(value),
        }));
        const expected = parts.flatMap(({ field, value }) => Array.from(value, () => field));
        if (text !== foldCharacters(intl.format(utc)) || JSON.stringify(fields) !== JSON.stringify(expected)) {
          wrong.push({ locale, style, text, intl: intl.format(utc) });
        }
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe('loadDates', () => {
  it('has every date of two centuries once, and no date in two parts', () => {
    expect(all).toHaveLength(73_049); // days from 1900-01-01 to 2099-12-31
    expect(new Set(all.map(({ iso }) => iso)).size).toBe(73_049);
    const { counts } = data.describe();
    expect(counts['train']! + counts['validation']! + counts['test']!).toBe(counts['dates']);
    expect(data.test.length / all.length).toBeCloseTo(0.1, 2);
    expect(data.validation.length / all.length).toBeCloseTo(0.05, 2);
  });

  it('has 40 locales, and every format in every part', () => {
    for (const part of [data.train, data.validation, data.test]) {
      expect(new Set(part.map(({ locale }) => locale)).size).toBe(40);
      expect(new Set(part.map(({ locale, style }) => `${locale} ${style}`)).size).toBe(patterns.length);
    }
    expect(data.describe().counts['patterns']).toBe(307);
  });

  it('determines the date by what the model is given, the weekday left aside', () => {
    const read = reader();
    const examples = [...data.validation, ...data.test];
    expect(examples.filter((example) => [...read(example)].join() !== example.iso)).toEqual([]);
  }, 30_000);

  it('says which characters the year, the month and the day are', () => {
    const { source, alignment, text } = all.find(
      ({ locale, style, source }) => locale === 'de' && style === 'full' && source[0] === 'de:',
    )!;
    const [day, month, year] = text
      .toLowerCase()
      .split(/[ .,:]+/)
      .slice(2);
    const said = (positions: readonly number[]): string => positions.map((position) => source[position]).join('');
    expect(alignment.map(said)).toEqual([year, year, year, year, '', month, month, '', day, day]);
  });

  it.each([
    ['ar-EG', (digits: string) => /[٠-٩]{4}/.test(digits)],
    ['fa', (digits: string) => /[۰-۹]{4}/.test(digits)],
    ['mr', (digits: string) => /[०-९]{4}/.test(digits)],
  ])('has the digits of %s, of the year in the alignment, too', (locale, isYear) => {
    const own = all.filter((example) => example.locale === locale);
    expect(own.length).toBeGreaterThan(1500);
    const wrong = own.filter(({ source, iso, alignment }) => {
      const year = alignment[0]!.map((position) => source[position]!);
      return !isYear(year.join('')) || year.map(digitOf).join('') !== iso.slice(0, 4);
    });
    expect(wrong).toEqual([]);
  });

  it('has symbols of its alphabet only', () => {
    const known = new Set(data.sourceSymbols);
    expect(all.filter(({ source }) => source.some((symbol) => !known.has(symbol)))).toEqual([]);
    expect(data.targetSymbols.join('')).toBe('-0123456789');
  });

  it('is the same wherever it is made, and other with another seed', async () => {
    expect(data.version).toBe('cldr@48.0 sha256:7fa24bf541112c5a');
    expect(data.test.slice(0, 3).map(({ text, iso }) => [text, iso])).toEqual([
      ['lv: 07.01.1900', '1900-01-07'],
      ['lunes, 22 de enero de 1900', '1900-01-22'],
      ['hi: रविवार, 11/02/1900', '1900-02-11'],
    ]);
    const other = await loadDates({ ...data.options, seed: 2 });
    expect(other.test.map(({ iso }) => iso)).not.toEqual(data.test.map(({ iso }) => iso));
    expect(other.version).toBe(data.version);
  }, 30_000);

  it('describes itself in plain JSON', () => {
    const summary = data.describe();
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
    expect(summary.licence).toContain('Unicode');
  });

  it.each([{ seed: -1 }, { seed: 0.5 }, { seed: 1, testShare: 1 }, { seed: 1, validationShare: Number.NaN }])(
    'refuses %j',
    async (options) => {
      await expect(loadDates(options)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    },
  );
});

describe('parseDate', () => {
  it('takes back what the data has, to the symbol', () => {
    const wrong = data.test.filter(
      ({ text, source }) => JSON.stringify(parseDate(text).source) !== JSON.stringify(source),
    );
    expect(wrong).toEqual([]);
  });

  it.each([
    ['de: 3. März 2024', 'de: 3. März 2024', ['de:', ...'3. märz 2024']],
    [' EN-us :  4/3/2024 ', 'en-US: 4/3/2024', ['en-US:', ...'4/3/2024']],
    ['3 march 2024', '3 march 2024', [...'3 march 2024']],
    ['MARCH 3, 2024', 'MARCH 3, 2024', [...'march 3, 2024']],
    ['3. Ma\u0308rz\u00a02024', '3. März 2024', [...'3. märz 2024']],
    ['3 d’abril 2024', "3 d'abril 2024", [..."3 d'abril 2024"]],
    ['٣\u200f/٤\u200f/٢٠٢٤', '٣/٤/٢٠٢٤', [...'٣/٤/٢٠٢٤']],
    ['4/4/2024', '4/4/2024', [...'4/4/2024']],
    ['13/4/2024', '13/4/2024', [...'13/4/2024']],
    ['2024/4/3', '2024/4/3', [...'2024/4/3']],
    ['3.4.2024', '3.4.2024', [...'3.4.2024']],
  ])('reads %j', (typed, text, source) => {
    expect(parseDate(typed)).toEqual({ text, source });
    expect(parseDate(text)).toEqual({ text, source });
  });

  it.each([
    ['', 'year'],
    ['3. März', 'year'],
    ['3. März 24', 'year'],
    ['3. März 1899', 'year'],
    ['3. März 2100', 'year'],
    ['3. März 20240', 'year'],
    ['1999 2024', 'year'],
    ['xx: 3. März 2024', '"xx"'],
    ['en: 3 March 2024', '"en"'],
    ['constructor: 3 March 2024', '"constructor"'],
    [': 3 March 2024', '""'],
    ['4/3/2024', 'United States'],
    ['Wed, 04/03/2024', 'United States'],
    [`2024${'.'.repeat(60)}`, 'longer'],
  ])('refuses %j', (typed, message) => {
    expect(() => parseDate(typed)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(message) }),
    );
  });
});

/** Every date that some format, of the locale if it is given, can mean by a source. Written apart from what writes them. */
function reader(): (example: Pick<DateExample, 'source'>) => Set<string> {
  const readers = patterns.map(({ locale, pattern, formats }) => ({ locale, compiled: compile(pattern, formats) }));
  return ({ source }) => {
    const tag = source[0]!.length > 2 && source[0]!.endsWith(':') ? source[0]!.slice(0, -1) : undefined;
    const text = (tag === undefined ? source : source.slice(1)).join('');
    const dates = new Set<string>();
    for (const { locale, compiled } of readers) {
      const { expression, months } = compiled;
      if (tag !== undefined && (tag as DateLocale) !== locale) continue;
      const groups = expression.exec(text)?.groups;
      if (groups === undefined) continue;
      const value = (digits: string): number =>
        Array.from(digits).reduce((sum, digit) => 10 * sum + digitOf(digit)!, 0);
      const named = months.flatMap((name, month) => (name === groups['month'] ? [month + 1] : []));
      for (const month of groups['m'] === undefined ? named : [value(groups['m'])]) {
        const utc = new Date(Date.UTC(value(groups['year']!), month - 1, value(groups['d']!)));
        if (utc.getUTCMonth() === month - 1) dates.add(utc.toISOString().slice(0, 10));
      }
    }
    return dates;
  };
}

function compile(
  pattern: string,
  { digits, months, weekdays }: LocaleFormats,
): { expression: RegExp; months: string[] } {
  const symbols = (text: string): string => dateSymbols(foldCharacters(text)).join('');
  const names = (list: readonly string[]): string => list.map((name) => escaped(symbols(name))).join('|');
  let ofMonths: string[] = [];
  const pieces = pattern.split(/(\{[^}]*\})/).map((piece) => {
    const [name, list] = piece.slice(1, -1).split(':') as [string, string | undefined];
    if (!piece.startsWith('{')) return escaped(symbols(piece));
    if (name === 'weekday') return `(?:${names(weekdays[Number(list)]!)})`;
    if (name === 'month') ofMonths = months[Number(list)]!.map(symbols);
    if (name === 'month') return `(?<month>${names(months[Number(list)]!)})`;
    const width = { year: '{4}', d: '{1,2}', m: '{1,2}', dd: '{2}', mm: '{2}' }[name]!;
    return `(?<${name === 'year' ? 'year' : name[0]}>[${digits}]${width})`;
  });
  return { expression: new RegExp(`^${pieces.join('')}$`, 'u'), months: ofMonths };
}

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
