import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { learnPieces } from '../pieces/learn-pieces.js';
import { joinPieces, Segmenter } from '../pieces/pieces.js';
import { tidyPairText } from './tidy.js';
import { cutInto, graphemesOf, isSimple, joinUnits } from './units.js';

const TEXTS = [
  'AE1 B AH0 T',
  'Größe (Übersicht) – 1.000,5 %',
  'مرحبا بالعالم، كيف حالك؟',
  'שָׁלוֹם עולם 123',
  '我喜欢北京 and 上海。',
  'ฉันรักประเทศไทย มาก',
  'ありがとう ございます',
  '👨‍👩‍👧 🇩🇪🇫🇷 e\u0301 हिन्दी',
  'GitHub JSON ẞ İstanbul Ǆ ϴ ΑΣ',
  'press ⇧⌘N ▁ ␛ ␛s ⇧A',
  '￭ ￭￭x a￭我 我￭',
  '{0} of {12}: {x}',
  '"',
];

/** Texts of characters that the rules treat differently, and any others. */
const texts = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ' ',
        '▁',
        '⇧',
        '␛',
        '￭',
        's',
        'c',
        'e',
        'A',
        'É',
        'ẞ',
        'İ',
        'ς',
        "'",
        '{0}',
        '...',
        '我',
        '爱',
        'ไทย',
        'م',
        'ּ',
      ),
      fc.string({ unit: 'grapheme', maxLength: 3 }),
      fc.string({ unit: 'binary', maxLength: 2 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => tidyPairText(parts.join('')));

describe('units', () => {
  it.each(TEXTS)('join to the same text: %s', (text) => {
    for (const unit of ['characters', 'words'] as const) expect(joinUnits(unit, cutInto(unit, text))).toBe(text);
    const pieces = learnPieces([text, text, ...TEXTS], 30);
    for (const vocabulary of [[], pieces]) expect(joinPieces(new Segmenter(vocabulary).segment(text))).toBe(text);
  });

  it('join to the same text, whatever it is', () => {
    const segmenter = new Segmenter(learnPieces([...TEXTS, ...TEXTS], 100));
    fc.assert(
      fc.property(texts, (text) => {
        for (const unit of ['characters', 'words'] as const) expect(joinUnits(unit, cutInto(unit, text))).toBe(text);
        expect(joinPieces(segmenter.segment(text))).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });

  it('characters are those of the segmenter where it is spared, too', () => {
    const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });
    const simple = fc
      .integer({ min: 0, max: 0xffff })
      .map((code) => String.fromCharCode(code))
      .filter(isSimple);
    fc.assert(
      fc.property(fc.string({ unit: simple }), (text) => {
        expect(graphemesOf(text)).toEqual(text.split(''));
        expect(graphemesOf(text)).toEqual(Array.from(segmenter.segment(text), ({ segment }) => segment));
      }),
      { numRuns: 5000 },
    );
    expect(graphemesOf('👨‍👩‍👧e\u0301\r\n')).toEqual(['👨‍👩‍👧', 'e\u0301', '\r\n']);
  });

  it('words are what spaces separate, and in scripts without spaces what a dictionary finds', () => {
    expect(cutInto('words', 'AE1 B, c')).toEqual(['AE1', 'B,', 'c']);
    expect(cutInto('words', '我喜欢 北京')).toEqual(['我', '￭喜欢', '北京']);
    expect(cutInto('words', '')).toEqual([]);
  });

  it('tidies white space of every kind, and accents however they were typed', () => {
    expect(tidyPairText('\uFEFF a\u00a0\t\n b\u3000e\u0301 ')).toBe('a b é');
    expect(tidyPairText('e\u0301 ﬁ', { normalForm: 'none' })).toBe('e\u0301 ﬁ');
    expect(tidyPairText('ﬁ ①', { normalForm: 'NFKC' })).toBe('fi 1');
  });

  it('cuts a very long run of letters or marks in time', () => {
    const segmenter = new Segmenter(learnPieces(['aaaa', 'aaaa'], 10));
    for (const text of ['a'.repeat(100_000), `a${'\u0301'.repeat(100_000)}`, '我'.repeat(100_000)]) {
      expect(joinPieces(segmenter.segment(text))).toBe(text);
    }
  });
});
