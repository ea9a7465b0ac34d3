import type { ArrayKernels } from '../reference-backend.js';
import { map, ofOperands, scoreOf, type Mutant } from './mutant.js';

/** Faults that only the smallest and the largest numbers show. */
export const extremeMutants: readonly Mutant[] = [
  {
    // Of each row, exp(score − logSumExp) is too large by what rounding took from logSumExp, and so is all that it brings.
    id: 'weights made again from a rounded logSumExp',
    group: 'extremes',
    reason: /extremes\/dot\/tied-by-bias\/-1000000000: dValue.* is/,
    spares: ['outputs', 'masks', 'additive'],
    kernels: (right) => ({
      dotProductAttentionGrad: (inputs, request) => {
        const { logSumExp } = right.dotProductAttention(inputs, request);
        const excess = map(logSumExp, (sum) => (sum === -Infinity ? 1 : Math.exp(sum - Math.fround(sum))));
        const row = (n: number): number => excess[Math.floor(n / request.valueWidth)];
        return right.dotProductAttentionGrad(
          { ...inputs, dContext: map(inputs.dContext, (x, n) => x * row(n)) },
          request,
        );
      },
    }),
  },
  {
    id: 'tanh of sums only as exact as that of 1',
    group: 'extremes',
    reason: /extremes\/additive\/small\/1e-7: dVector/,
    spares: ['additive', 'masks', 'normalizers'],
    kernels: onCoarseSums,
  },
  {
    id: 'scores that a wide cap wipes out',
    group: 'extremes',
    reason: /extremes\/dot\/cap\/100000000000000000: context.* is 0\.5/,
    spares: ['scale', 'masks', 'additive'],
    kernels: ofOperands((operands) => {
      const { softCap, bias } = operands;
      if (softCap === null) return {};
      return {
        bias: (b, h, i, j) => {
          const x = scoreOf(operands, b, h, i, j) / softCap;
          const e = Math.exp(-2 * Math.abs(x));
          return bias(b, h, i, j) + softCap * (Math.sign(x) * ((1 - e) / (1 + e)) - Math.tanh(x));
        },
      };
    }),
  },
  {
    id: 'products that overflow before they are scaled',
    group: 'extremes',
    reason: /extremes\/dot\/overflow\/before-scale: context.* is NaN/,
    spares: ['scale', 'masks', 'additive'],
    kernels: ofOperands((operands) => ({
      bias: (b, h, i, j) => {
        const product = scoreOf(operands, b, h, i, j) / operands.scale;
        return operands.bias(b, h, i, j) + (Math.abs(product) > 3.4e38 ? NaN : 0);
      },
    })),
  },
  {
    id: 'a score of +∞ that takes all',
    group: 'extremes',
    reason: /extremes\/weighted\/softmax\/plus-infinity: weights.* expected NaN/,
    spares: ['normalizers', 'masks', 'scale'],
    kernels: (right) => ({
      weightedContext: (inputs, request) =>
        right.weightedContext({ ...inputs, scores: map(inputs.scores, (x) => Math.min(x, 3e38)) }, request),
    }),
  },
  {
    id: 'only bytes of 1 attend',
    group: 'extremes',
    reason: /extremes\/dot\/bytes-of-masks: context/,
    spares: ['masks', 'additive', 'normalizers'],
    kernels: (right) => ({
      dotProductAttention: (inputs, request) =>
        right.dotProductAttention(
          { ...inputs, ...(inputs.mask && { mask: map(inputs.mask, (byte) => Number(byte === 1)) }) },
          request,
        ),
    }),
  },
];

/** Additive attention over queries and keys in steps of 2⁻²⁴, as if tanh came from e^2x, of which 1 is taken off. */
function onCoarseSums(right: ArrayKernels): Partial<ArrayKernels> {
  const coarse = <T extends { query: ArrayLike<number>; key: ArrayLike<number> }>(inputs: T): T => ({
    ...inputs,
    query: map(inputs.query, inSteps),
    key: map(inputs.key, inSteps),
  });
  return {
    additiveAttention: (inputs, request) => right.additiveAttention(coarse(inputs), request),
    additiveAttentionGrad: (inputs, request) => right.additiveAttentionGrad(coarse(inputs), request),
  };
}

const inSteps = (x: number): number => Math.round(x * 2 ** 24) / 2 ** 24;
