import { beforeAll, describe, expect, it } from 'vitest';
import { loadDates, parseDate, type DateExample, type DatesDataset } from '../index.js';
import { dateSymbols, digitOf, foldCharacters } from './characters.js';
import { CLDR_DATES } from './cldr.js';
import { freezeFormats, intlFormat } from './freeze.js';
import { DATE_LOCALES, type DateLocale, type DateStyle, type LocaleFormats } from './styles.js';
import { dateParts, readingsOf } from './read-date.js';
import { dateWriter } from './write-date.js';

let data: DatesDataset;
let all: readonly DateExample[];
beforeAll(async () => {
  data = await loadDates({ seed: 1 });
  all = [...data.train, ...data.validation, ...data.test];
});

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
      // The days have every month and weekday, one and two digits, and reach from the first to the last year.
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
    expect(counts['train'] + counts['validation'] + counts['test']).toBe(counts['dates']);
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
  });

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
      const year = alignment[0].map((position) => source[position]);
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
  });

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

  it('reads day, month and year out of all of it, by numbers and names', () => {
    const wrong = all.filter(({ text, source, locale, iso }) => {
      const tag = `${locale}:`;
      const tagged = source[0] === tag;
      const readings = readingsOf(dateParts(tagged ? text.slice(tag.length) : text), tagged ? locale : undefined);
      const [year, month, day] = iso.split('-').map(Number);
      return !readings.some((one) => one.year === year && one.month === month && one.day === day);
    });
    expect(wrong.map(({ text, iso }) => [text, iso])).toEqual([]);
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
    ['29 February 2024', '29 February 2024', [...'29 february 2024']],
    // A typing error is left for the model to read, where a month that may be meant has the day.
    ['29 Febuary 2024', '29 Febuary 2024', [...'29 febuary 2024']],
    ['31 Juny 2024', '31 Juny 2024', [...'31 juny 2024']],
    ['31 Xyzzy 2024', '31 Xyzzy 2024', [...'31 xyzzy 2024']],
  ])('reads %j', (typed, text, source) => {
    expect(parseDate(typed)).toEqual({ text, source });
    expect(parseDate(text)).toEqual({ text, source });
  });

  it.each([
    ['en: March 3, 2024', 'en-US'],
    ['ar: ٣ مارس ٢٠٢٤', 'ar-EG'],
    ['pt: 3 de março de 2024', 'pt-BR'],
    ['EN_gb: 3 March 2024', 'en-GB'],
    ['de-DE: 3. März 2024', 'de'],
    ['zh-Hans-CN: 2024年3月3日', 'zh'],
    ['iw: 3 במרץ 2024', 'he'],
  ])('takes %j for %s', (typed, locale) => {
    expect(parseDate(typed).source[0]).toBe(`${locale}:`);
    expect(parseDate(typed).text).toBe(typed.replace(/^[^:]*/, locale));
  });

  it.each([
    ['Thu, 26 Nov 2026 10:00:00 +0100', 'Thu, 26 Nov 2026'],
    ['Date: Tue, 3 Mar 2026 9:05 GMT', 'Tue, 3 Mar 2026'],
    ['26 nov 2026 23:59:59 -0500 (EST)', '26 nov 2026'],
  ])('takes the date of a mail, %j', (typed, written) => {
    expect(parseDate(typed)).toEqual({ text: `en-GB: ${written}`, source: ['en-GB:', ...written.toLowerCase()] });
  });

  it.each([
    ['en: 31 February 2024', 'day 31 of February 2024, which has 29 days'],
    ['de: 29. Februar 2023', 'day 29 of February 2023, which has 28 days'],
    ['fr: 31 avril 2024', 'day 31 of April 2024, which has 30 days'],
    ['٣١ أبريل ٢٠٢٤', 'day 31 of April 2024'],
    ['vi: Thứ 2, 31 thg 6, 2024', 'day 31 of June 2024'],
    ['ko: 2024년 2월 30일', 'day 30 of February 2024'],
    ['2024年2月30日', 'day 30 of February 2024'],
    ['Fri, 30 Feb 2024 10:00:00 +0000', 'day 30 of February 2024'],
    ['March 45, 2024', 'day 45 of March 2024, which has 31 days'],
    ['0 March 2024', 'day 0 of March 2024'],
    ['45 Mrach 2024', 'day 45, and no month has one'],
    ['2024-02-30', 'day 30 of February 2024'],
    ['2024-00-03', 'month 0 of 2024, which has 12'],
    ['3.13.2024', 'month 13 of 2024'],
    ['en-US: 13/4/2024', 'month 13 of 2024'],
    ['31/2/2024', 'day 31 of February 2024'],
    ['2/31/2024', 'day 31 of February 2024'],
    ['13/0/2024', 'month 0 of 2024'],
    ['March 2024', 'names no day'],
    ['de: März 2024', 'names no day'],
    ['2024-03', 'names no day'],
    ['2024年3月', 'names no day'],
    ['ko: 2024년 3월', 'names no day'],
    ['2024', 'names no day'],
    ['es: mar, 31 sept 2024', 'day 31 of September 2024'],
    ['es: 32 mar 2024', 'day 32 of March 2024'],
    ['Tuesday 2024', 'names no day'],
    ['31 Febuary 2024', 'day 31 of February 2024'],
    ['Feburary 30th, 2021', 'day 30 of February 2021, which has 28 days'],
    ['31 Setpember 2024', 'day 31 of September 2024'],
    ['29Feb2023', 'day 29 of February 2023, which has 28 days'],
    ['3 March 2024 10 o’clock', 'has 2 numbers beside the year'],
    ['2024-03-03T10:00:00Z', 'has 5 numbers beside the year'],
  ])('refuses %j: %s', (typed, message) => {
    expect(() => parseDate(typed)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(message) }),
    );
  });

  it('refuses days that no month has, in every format of every locale', () => {
    const wrong: string[] = [];
    for (const { locale, pattern, formats } of patterns) {
      const write = dateWriter(pattern, formats);
      for (const [year, month, day] of [
        [2023, 2, 29],
        [1999, 4, 31],
      ] as const) {
        const { text } = write({ year, month, day });
        for (const typed of [text, `${locale}: ${text}`]) {
          try {
            parseDate(typed);
            wrong.push(typed);
          } catch (error) {
            if (!/names (?:day|month)/.test(String(error))) wrong.push(`${typed}: ${String(error)}`);
          }
        }
      }
    }
    expect(wrong).toEqual([]);
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
    ['de-AT: 3. März 2024', '"de-AT"'],
    ['zh-TW: 2024年3月3日', '"zh-TW"'],
    ['th-u-ca-buddhist: 3 มีนาคม 2024', '"th-u-ca-buddhist"'],
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

/** Reader that finds all dates that a source can mean, in the formats of its locale or of any. It shares no code with the writer. */
function reader(): (example: Pick<DateExample, 'source'>) => Set<string> {
  const readers = patterns.map(({ locale, pattern, formats }) => ({ locale, compiled: compile(pattern, formats) }));
  return ({ source }) => {
    const tag = source[0].length > 2 && source[0].endsWith(':') ? source[0].slice(0, -1) : undefined;
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
        const utc = new Date(Date.UTC(value(groups['year']), month - 1, value(groups['d'])));
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
    if (name === 'weekday') return `(?:${names(weekdays[Number(list)])})`;
    if (name === 'month') ofMonths = months[Number(list)].map(symbols);
    if (name === 'month') return `(?<month>${names(months[Number(list)])})`;
    const width = { year: '{4}', d: '{1,2}', m: '{1,2}', dd: '{2}', mm: '{2}' }[name]!;
    return `(?<${name === 'year' ? 'year' : name[0]}>[${digits}]${width})`;
  });
  return { expression: new RegExp(`^${pieces.join('')}$`, 'u'), months: ofMonths };
}

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
