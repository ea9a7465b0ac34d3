import * as fc from 'fast-check';
import { decode } from 'fast-png';
import { describe, expect, test } from 'vitest';
import { anyMap, causal, hostile, signed, word } from '../test/maps.js';
import { missingInPng, renderPng } from './png.js';
import { ENGLISH } from './words.js';

/** Number of pixels of each colour. */
function histogram(png: Uint8Array): Map<string, number> {
  const { data, channels } = decode(png);
  const counts = new Map<string, number>();
  for (let n = 0; n < data.length; n += channels) {
    const key = data.slice(n, n + 3).join();
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

describe('renderPng', () => {
  test('each cell has the area and colour of its weight', () => {
    const zeros = Array.from({ length: 39 }, () => 0);
    const counts = histogram(renderPng({ weights: [[1, ...zeros]], columnLabels: [...'abcd'.repeat(10)] }));
    // A cell of 28×28 pixels, without a number since there are many cells, and a step of the legend, 8×16.
    expect(counts.get('253,231,37')).toBe(28 * 28 + 8 * 16);
    expect(counts.get('68,1,84')).toBe(39 * 28 * 28 + 8 * 16);
  });

  test('writes labels, titles and axes', () => {
    const ink = (map: Parameters<typeof renderPng>[0]): number => histogram(renderPng(map)).get('31,35,40') ?? 0;
    const blank = ink({ ...word, rowLabels: ['', ''], columnLabels: ['', '', ''], title: '' });
    expect(ink({ ...word, title: '' })).toBeGreaterThan(blank + 100);
    expect(ink(word)).toBeGreaterThan(ink({ ...word, title: '' }) + 50);
    // The doubled glyph of K has the same amount of ink when it is turned.
    const row = ink({ weights: [[0]], rowLabels: ['KKK'], columnLabels: [''] });
    const column = ink({ weights: [[0]], rowLabels: [''], columnLabels: ['KKK'] });
    expect(row).toBe(column);
    expect(row).toBeGreaterThan(200);
  });

  test('is dark when asked', () => {
    const counts = [...histogram(renderPng(word, { theme: 'dark' }))].toSorted((a, b) => b[1] - a[1]);
    expect(counts[0][0]).toBe('13,17,23');
  });

  test('characters that the font lacks are written by their code points', () => {
    const drawn = (label: string): Uint8Array => renderPng({ weights: [[0]], rowLabels: [label], columnLabels: [''] });
    expect(drawn('日é本')).toEqual(drawn('<65E5>é<672C>'));
    expect(drawn('שלום')).toEqual(drawn('<05E9><05DC><05D5><05DD>'));
    expect(drawn('😀')).toEqual(drawn('<1F600>'));
    expect(drawn('␣')).not.toEqual(drawn('<2423>'));
  });

  test('tells which characters it can’t draw, each once', () => {
    const labels = { rowLabels: ['日', '日'], columnLabels: ['é', '…', '👩‍👩‍👧'], title: 'Ω あ' };
    expect(missingInPng({ ...word, ...labels, rowAxis: 'ش' })).toEqual(['ش', '日', '👩‍👩‍👧']);
    expect(missingInPng(word)).toEqual([]);
    expect(missingInPng(causal, { words: { ...ENGLISH, masked: '屏蔽' } })).toEqual(['屏', '蔽']);
  });

  test('masked cells are hatched, and signed numbers part at white', () => {
    const counts = histogram(renderPng(causal));
    // At least a quarter of three cells of 48×48 and of the legend's square; axes are written in the same grey.
    const bare = histogram(renderPng({ ...causal, masked: undefined, weights: [[0, 0, 0]], rowLabels: ['a'] }));
    const hatch = (counts.get('110,118,129') ?? 0) - (bare.get('110,118,129') ?? 0);
    expect(hatch).toBeGreaterThanOrEqual((3 * 48 * 48 + 16 * 16) / 4);
    expect(histogram(renderPng(signed)).get('242,239,238')).toBeGreaterThan(48 * 44);
  });

  test('small maps print their numbers', () => {
    const ink = (weight: number): number =>
      histogram(renderPng({ weights: [[weight]] }, { domain: [0, 1] })).get('255,255,255')!;
    // The number is white on a dark cell.
    expect(ink(0.25)).toBeGreaterThan(ink(1) + 30);
  });

  test('any map can be drawn', () => {
    fc.assert(
      fc.property(fc.array(anyMap, { minLength: 1, maxLength: 3 }), (maps) => {
        expect(decode(renderPng(maps)).channels).toBe(3);
      }),
      { numRuns: 15 },
    );
    expect(decode(renderPng(hostile)).width).toBeGreaterThan(0);
  });

  test('refuses what would take all memory', () => {
    const head = { weights: Array.from({ length: 48 }, () => new Float32Array(48)) };
    expect(() => renderPng(Array.from({ length: 40 }, () => head))).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });
});
