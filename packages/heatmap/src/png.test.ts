import * as fc from 'fast-check';
import { decode } from 'fast-png';
import { describe, expect, test } from 'vitest';
import { anyMap, hostile, word } from '../test/maps.js';
import { renderPng } from './png.js';

/** How many pixels have each colour. */
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
    const counts = histogram(renderPng({ weights: [[1, 0, 0]], columnLabels: [...'abc'] }));
    // Cells of 32×32 pixels, and a step of the legend, 8×16.
    expect(counts.get('253,231,37')).toBe(32 * 32 + 8 * 16);
    expect(counts.get('68,1,84')).toBe(2 * 32 * 32 + 8 * 16);
  });

  test('writes labels, titles and axes', () => {
    const ink = (map: Parameters<typeof renderPng>[0]): number => histogram(renderPng(map)).get('31,35,40') ?? 0;
    const blank = ink({ ...word, rowLabels: ['', ''], columnLabels: ['', '', ''], title: '' });
    expect(ink({ ...word, title: '' })).toBeGreaterThan(blank + 100);
    expect(ink(word)).toBeGreaterThan(ink({ ...word, title: '' }) + 50);
    // The glyph of K, doubled: it would be the same ink turned upwards.
    const row = ink({ weights: [[0]], rowLabels: ['KKK'], columnLabels: [''] });
    const column = ink({ weights: [[0]], rowLabels: [''], columnLabels: ['KKK'] });
    expect(row).toBe(column);
    expect(row).toBeGreaterThan(200);
  });

  test('is dark when asked', () => {
    const counts = [...histogram(renderPng(word, { theme: 'dark' }))].toSorted((a, b) => b[1] - a[1]);
    expect(counts[0]![0]).toBe('13,17,23');
  });

  test('characters that the font lacks are boxes, not gaps', () => {
    const ink = (label: string): number =>
      histogram(renderPng({ weights: [[0]], rowLabels: [label], columnLabels: [''] })).get('31,35,40') ?? 0;
    expect(ink('日')).toBe(ink('본'));
    expect(ink('日')).toBeGreaterThan(ink(''));
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
