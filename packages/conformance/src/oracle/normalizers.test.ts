import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { float64 } from './arithmetic.js';
import { normalize, pullBack, softmax } from './normalizers.js';

const scores = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 1, maxLength: 12 });
const sum = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0);

/** The τ for which Σ max(z − τ, 0)^power is 1, by bisection: the definition, without the sorting of the algorithms. */
function byBisection(z: readonly number[], power: number): number[] {
  const weights = (tau: number): number[] => z.map((x) => Math.max(x - tau, 0) ** power);
  let [low, high] = [Math.max(...z) - 1, Math.max(...z)];
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (sum(weights(middle)) > 1) low = middle;
    else high = middle;
  }
  return weights((low + high) / 2);
}

describe('normalisers', () => {
  it('softmax of numbers worked by hand', () => {
    const { weights, logSumExp } = softmax([Math.log(1), Math.log(2), Math.log(5)], float64);
    expect(weights.map((x) => x.toFixed(12))).toEqual(['0.125000000000', '0.250000000000', '0.625000000000']);
    expect(logSumExp).toBeCloseTo(Math.log(8), 14);
  });

  it('softmax of large scores neither overflows nor vanishes', () => {
    expect(softmax([1e4, 1e4], float64)).toEqual({ weights: [0.5, 0.5], logSumExp: 1e4 + Math.log(2) });
    expect(softmax([-1e4], float64)).toEqual({ weights: [1], logSumExp: -1e4 });
  });

  it('an attended NaN or +∞ makes the row NaN', () => {
    expect(softmax([0, NaN], float64).weights).toEqual([NaN, NaN]);
    expect(softmax([0, Infinity], float64).weights[1]).toBeNaN();
  });

  it('sparsemax of numbers worked by hand', () => {
    expect(normalize('sparsemax', [1, 0.5, -1], float64)).toEqual([0.75, 0.25, 0]);
    expect(normalize('sparsemax', [3, 1, 1], float64)).toEqual([1, 0, 0]);
    expect(normalize('sparsemax', [2, 1], float64)).toEqual([1, 0]); // exactly on the edge
  });

  it('1.5-entmax of numbers worked by hand', () => {
    // z/2 = (0.5, 0), so (0.5 − τ)² + τ² = 1 with τ = (1 − √7)/4.
    const tau = (1 - Math.sqrt(7)) / 4;
    const [a, b] = normalize('entmax15', [1, 0], float64);
    expect(a).toBeCloseTo((0.5 - tau) ** 2, 14);
    expect(b).toBeCloseTo(tau ** 2, 14);
  });

  it('hard takes the first of equals, sigmoid does not compare', () => {
    expect(normalize('hard', [1, 3, 3], float64)).toEqual([0, 1, 0]);
    expect(normalize('sigmoid', [0, Math.log(3)], float64)).toEqual([0.5, expect.closeTo(0.75, 14)]);
  });

  it.each([
    ['sparsemax', 1, 1],
    ['entmax15', 0.5, 2],
  ] as const)('%s solves its definition', (name, factor, power) => {
    fc.assert(
      fc.property(scores, (z) => {
        const weights = normalize(name, z, float64);
        const expected = byBisection(
          z.map((x) => x * factor),
          power,
        );
        weights.forEach((weight, n) => expect(weight).toBeCloseTo(expected[n], 9));
        expect(sum(weights)).toBeCloseTo(1, 12);
      }),
    );
  });

  it.each(['softmax', 'sparsemax', 'entmax15', 'sigmoid'] as const)(
    '%s: gradient equals central differences',
    (name) => {
      const z = [0.3, -0.4, 1.1, 0.9, -2];
      const dWeights = [0.7, -1.2, 0.4, 2, -0.3];
      const gradient = pullBack(name, normalize(name, z, float64), dWeights, float64);
      const loss = (scores: number[]): number => sum(normalize(name, scores, float64).map((w, n) => w * dWeights[n]));
      z.forEach((_, n) => {
        const moved = (step: number): number => loss(z.map((x, m) => (m === n ? x + step : x)));
        expect(gradient[n]).toBeCloseTo((moved(1e-6) - moved(-1e-6)) / 2e-6, 8);
      });
    },
  );
});
