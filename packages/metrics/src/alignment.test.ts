import { describe, expect, it } from 'vitest';
import { alignmentErrors, alignmentRates } from './alignment.js';

const rows = (...weights: number[][]): Float32Array[] => weights.map((row) => Float32Array.from(row));

describe('alignmentErrors', () => {
  it('adds up the weight beside the gold positions, and the symbols that look most beside them', () => {
    const weights = rows([0.75, 0.25, 0, 0], [0.125, 0.25, 0.5, 0.125], [0.25, 0.25, 0.25, 0.25]);
    expect(alignmentErrors(weights, [[0], [1, 3], [0, 1, 2, 3]])).toEqual({ symbols: 3, missed: 0.875, misplaced: 1 });
  });

  it('leaves symbols without gold positions aside, and what one is longer by', () => {
    const weights = rows([1, 0], [0, 1], [1, 0]);
    expect(alignmentErrors(weights, [[1], []])).toEqual({ symbols: 1, missed: 1, misplaced: 1 });
    expect(alignmentErrors(weights.slice(0, 1), [[0], [1], [1]])).toEqual({ symbols: 1, missed: 0, misplaced: 0 });
    expect(alignmentErrors([], [[0]])).toEqual({ symbols: 0, missed: 0, misplaced: 0 });
  });

  it('takes the first of equal weights for the most attended', () => {
    expect(alignmentErrors(rows([0.5, 0.5]), [[1]]).misplaced).toBe(1);
    expect(alignmentErrors(rows([0.5, 0.5]), [[0]]).misplaced).toBe(0);
  });

  it.each([2, -1, 0.5])('refuses position %d of a source of two symbols', (position) => {
    expect(() => alignmentErrors(rows([0.5, 0.5]), [[0, position]])).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });
});

describe('alignmentRates', () => {
  it('are over all symbols, not means over outputs', () => {
    const compared = [
      { symbols: 3, missed: 0.5, misplaced: 0 },
      { symbols: 1, missed: 1, misplaced: 1 },
    ];
    expect(alignmentRates(compared)).toEqual({ symbols: 4, alignmentErrorRate: 0.375, alignedRate: 0.75 });
  });

  it('are undefined where there is nothing to compare', () => {
    expect(alignmentRates([])).toBeUndefined();
    expect(alignmentRates([{ symbols: 0, missed: 0, misplaced: 0 }])).toBeUndefined();
  });
});
