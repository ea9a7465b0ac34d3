import { describe, expect, test } from 'vitest';
import { causal } from '../test/maps.js';
import { checkMaps } from './attention-map.js';
import { cellNumber, cellNumbers } from './cell-number.js';

describe('cellNumber', () => {
  test.each([
    [0, '0'],
    [0.004, '0.00'],
    [0.256, '0.26'],
    [1, '1.00'],
    [-0.5, '-0.50'],
    [-0.001, '0.00'],
    [12.34, '12.3'],
    [99.7, '100'],
    [-12345, '-1e4'],
  ])('%d is %s', (value, text) => {
    expect(cellNumber(value, [-20_000, 20_000])).toBe(text);
  });

  test('where all numbers are tiny, they are powers and not all 0.00', () => {
    expect([0, 3e-8, 1.2e-7].map((value) => cellNumber(value, [0, 1.2e-7]))).toEqual(['0', '3e-8', '1e-7']);
  });
});

describe('cellNumbers', () => {
  const [map] = checkMaps(causal);

  test('leaves masked cells empty', () => {
    expect(cellNumbers(map!, [0, 1], 4)).toEqual([
      ['1.00', '', ''],
      ['0', '1.00', ''],
      ['0.25', '0.25', '0.50'],
    ]);
  });

  test('prints none where one doesn’t fit', () => {
    expect(cellNumbers(map!, [0, 1], 3)).toBeUndefined();
    expect(cellNumbers(map!, [0, 1], 0)).toBeUndefined();
  });

  test('prints none of more than anybody reads', () => {
    const [large] = checkMaps({ weights: Array.from({ length: 40 }, () => new Float32Array(40)) });
    expect(cellNumbers(large!, [0, 1], 9)).toBeUndefined();
  });
});
