import { describe, expect, it } from 'vitest';
import { errorRates, monotonicity, outputErrors } from './metrics.js';

const symbols = (text: string): string[] => (text === '' ? [] : text.split(' '));

describe('outputErrors', () => {
  it('counts against the nearest reference', () => {
    // EY → AA is one error against T AH M EY T OW; against T AH M AA T OW there is none.
    expect(outputErrors(symbols('T AH M AA T OW'), [symbols('T AH M EY T OW')])).toEqual({ errors: 1, length: 6 });
    expect(outputErrors(symbols('T AH M AA T OW'), [symbols('T AH M EY T OW'), symbols('T AH M AA T OW')])).toEqual({
      errors: 0,
      length: 6,
    });
  });

  it('takes the first of equally near references', () => {
    expect(outputErrors(symbols('A B'), [symbols('A'), symbols('A B C')])).toEqual({ errors: 1, length: 1 });
  });

  it('counts an empty output as all deleted', () => {
    expect(outputErrors([], [symbols('A B C')])).toEqual({ errors: 3, length: 3 });
  });
});

describe('errorRates', () => {
  it('has no end where what should be empty is not', () => {
    expect(errorRates([outputErrors(symbols('A B'), [[]])])).toMatchObject({
      tokenErrors: 2,
      tokenErrorRate: Infinity,
    });
    expect(errorRates([outputErrors([], [[]])])).toMatchObject({ tokenErrors: 0, tokenErrorRate: 0 });
  });

  it('divides totals, as worked by hand', () => {
    // Word 1: right, 3 phonemes. Word 2: 4 phonemes, one substituted and one inserted. Word 3: 1 phoneme, 3 inserted.
    const compared = [
      outputErrors(symbols('K AE T'), [symbols('K AE T')]),
      outputErrors(symbols('D AA G Z IH'), [symbols('D AO G Z')]),
      outputErrors(symbols('AH B K D'), [symbols('AH')]),
    ];
    expect(errorRates(compared)).toEqual({
      examples: 3,
      tokenErrors: 5,
      tokens: 8,
      sequenceErrors: 2,
      tokenErrorRate: 5 / 8,
      sequenceErrorRate: 2 / 3,
    });
  });

  it('is 0 for nothing', () => {
    expect(errorRates([])).toMatchObject({ tokenErrorRate: 0, sequenceErrorRate: 0 });
  });
});

describe('monotonicity', () => {
  const at = (...positions: number[]): Float32Array[] =>
    positions.map((position) => Float32Array.from({ length: 4 }, (_, j) => (j === position ? 1 : 0)));

  it.each([
    [at(0, 1, 2, 3), 1],
    [at(3, 2, 1, 0), -1],
    [at(2, 2, 2), 0],
    // Pairs: 0<1 +, 0<3 +, 0<2 +, 1<3 +, 1<2 +, 3>2 −: (5 − 1) / 6.
    [at(0, 1, 3, 2), 4 / 6],
  ])('follows the order of the output %#', (weights, expected) => {
    expect(monotonicity(weights)).toBeCloseTo(expected, 12);
  });

  it('goes by the mean position', () => {
    expect(monotonicity([Float32Array.of(0.6, 0.4), Float32Array.of(0.4, 0.6)])).toBe(1);
  });

  it('is undefined for less than two symbols', () => {
    expect(monotonicity(at(1))).toBeUndefined();
  });
});
