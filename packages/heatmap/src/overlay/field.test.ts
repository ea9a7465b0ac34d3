import { describe, expect, test } from 'vitest';
import { around } from '../../test/overlays.js';
import { fieldOf } from './field.js';

const GRID = { grid: [2, 2] } as const;
const step = (weights: ArrayLike<number>) => ({ word: '', weights });

describe('exact cells', () => {
  test('are squares of their weight', () => {
    expect([...fieldOf(step([1, 2, 3, 4]), GRID, { width: 4, height: 2 }, 'cells')]).toEqual([1, 1, 2, 2, 3, 3, 4, 4]);
  });

  test('may be fewer pixels than cells', () => {
    expect([...fieldOf(step([1, 2, 3, 4]), GRID, { width: 1, height: 1 }, 'cells')]).toEqual([4]);
  });
});

describe('smooth', () => {
  const SIZE = { width: 40, height: 40 };

  test('equal weights stay equal, up to the edges', () => {
    for (const weight of fieldOf(step([0.25, 0.25, 0.25, 0.25]), GRID, SIZE, 'smooth'))
      expect(weight).toBeCloseTo(0.25, 6);
  });

  test('the greatest is as great as the greatest weight, and in its cell', () => {
    const weights = new Float32Array(64);
    weights[3 * 8 + 5] = 0.8;
    const field = fieldOf(step(weights), { grid: [8, 8] }, SIZE, 'smooth');
    const peak = field.indexOf(Math.max(...field));
    expect(field[peak]).toBeCloseTo(0.8, 6);
    expect([Math.floor(peak / 40 / 5), Math.floor((peak % 40) / 5)]).toEqual([3, 5]);
    // A Gaussian of half a cell: one cell away it is e^(−2), apart from what the neighbours share.
    expect(field[(3 * 5 + 2) * 40 + 6 * 5 + 2] / 0.8).toBeCloseTo(Math.exp(-2), 2);
    expect(field[0]).toBe(0);
  });

  test('lies the same way as the cells: rows go down, columns go right', () => {
    const wide = around(1, 6, 0.8, 1);
    const [smooth, cells] = (['smooth', 'cells'] as const).map((drawn) =>
      fieldOf(step(wide), { grid: [8, 8] }, SIZE, drawn),
    );
    const center = (field: Float32Array): number[] => {
      const sum = field.reduce((total, weight) => total + weight, 0);
      return [40, 1].map(
        (stride) => field.reduce((total, weight, n) => total + weight * (Math.floor(n / stride) % 40), 0) / sum,
      );
    };
    for (const [axis, at] of center(smooth!).entries()) expect(Math.abs(at - center(cells!)[axis])).toBeLessThan(0.6);
  });

  test('nothing stays nothing', () => {
    expect(fieldOf(step([0, 0, 0, 0]), GRID, SIZE, 'smooth').every((weight) => weight === 0)).toBe(true);
  });
});
