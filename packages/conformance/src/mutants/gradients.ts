import type { ArrayKernels } from '../reference-backend.js';
import { map, type Mutant } from './mutant.js';

type DotGradients = ReturnType<ArrayKernels['dotProductAttentionGrad']>;

/** The dot product's gradients with one of them changed. */
function ofGradient(name: keyof DotGradients, change: (x: number) => number): Mutant['kernels'] {
  return (right) => ({
    dotProductAttentionGrad: (inputs, request) => {
      const gradients = right.dotProductAttentionGrad(inputs, request);
      const values = gradients[name];
      return { ...gradients, ...(values && { [name]: map(values, change) }) };
    },
  });
}

const FORWARD_ONLY = ['errors', 'manifest', 'normalizers', 'additive'] as const;

export const gradientMutants: readonly Mutant[] = [
  ...(['dQuery', 'dKey', 'dValue'] as const).map((name): Mutant => ({
    id: `zero gradient: ${name}`,
    group: 'differences',
    reason: new RegExp(`differences/dot/base: ${name}.* is 0, expected`),
    spares: FORWARD_ONLY,
    kernels: ofGradient(name, () => 0),
  })),
  {
    id: 'gradient of the key with the wrong sign',
    group: 'differences',
    reason: /differences\/dot\/base: dKey/,
    spares: FORWARD_ONLY,
    kernels: ofGradient('dKey', (x) => -x),
  },
  {
    id: 'gradient through the weights ignored',
    group: 'outputs',
    reason: /outputs\/dot\/loss-in-weights: dQuery.* is 0, expected/,
    spares: ['normalizers', 'additive'],
    kernels: (right) => ({
      dotProductAttentionGrad: (inputs, request) =>
        right.dotProductAttentionGrad({ ...inputs, dWeights: undefined }, request),
    }),
  },
  {
    id: 'gradient through logSumExp ignored',
    group: 'outputs',
    reason: /outputs\/dot\/loss-in-logSumExp: dQuery.* is 0, expected/,
    spares: ['normalizers', 'additive'],
    kernels: (right) => ({
      dotProductAttentionGrad: (inputs, request) =>
        right.dotProductAttentionGrad({ ...inputs, dLogSumExp: map(inputs.dLogSumExp, () => 0) }, request),
    }),
  },
  {
    // Σ_j p_ij dp_ij found as dContext·context, which forgets the part of it that comes through the weights.
    id: 'row term of the softmax gradient taken from the context alone',
    group: 'outputs',
    reason: /outputs\/dot\/loss-in-weights: dQuery/,
    spares: ['normalizers', 'additive'],
    kernels: (right) => ({
      dotProductAttentionGrad: (inputs, request) => {
        const { dWeights, dLogSumExp } = inputs;
        if (!dWeights) return right.dotProductAttentionGrad(inputs, request);
        const weights = right.dotProductAttention(inputs, request).weights!;
        const { keys } = request;
        const forgotten = map(dLogSumExp, (x, row) => {
          let sum = x;
          for (let j = 0; j < keys; j++) sum += weights[row * keys + j] * dWeights[row * keys + j];
          return sum;
        });
        return right.dotProductAttentionGrad({ ...inputs, dLogSumExp: forgotten }, request);
      },
    }),
  },
  {
    id: 'gradient sent into masked rows',
    group: 'masks',
    reason: /masks\/dot\/padding-zero: dQuery.* expected 0:/,
    spares: ['scale', 'heads', 'additive'],
    kernels: (right) => ({
      dotProductAttentionGrad: (inputs, request) => {
        const gradients = right.dotProductAttentionGrad(inputs, request);
        const row = (n: number): number => inputs.logSumExp[Math.floor(n / request.width)];
        return { ...gradients, dQuery: map(gradients.dQuery, (x, n) => (row(n) === -Infinity ? 1 : x)) };
      },
    }),
  },
  {
    id: 'gradients of the additive vector zero',
    group: 'additive',
    reason: /additive\/base: dVector.* is 0, expected/,
    spares: ['masks', 'normalizers'],
    kernels: (right) => ({
      additiveAttentionGrad: (inputs, request) => {
        const gradients = right.additiveAttentionGrad(inputs, request);
        return { ...gradients, dVector: map(gradients.dVector, () => 0) };
      },
    }),
  },
  {
    // The query meets every key, so its gradient is a sum over them.
    id: 'gradient of the additive query not summed over the keys',
    group: 'differences',
    reason: /differences\/additive\/base: dQuery/,
    spares: ['masks', 'normalizers'],
    kernels: (right) => ({
      additiveAttentionGrad: (inputs, request) => {
        const gradients = right.additiveAttentionGrad(inputs, request);
        return { ...gradients, dQuery: map(gradients.dQuery, (x) => x / request.keys) };
      },
    }),
  },
  {
    id: 'entmax with the gradient of softmax',
    group: 'differences',
    reason: /differences\/weighted\/entmax15: dScores/,
    spares: ['masks', 'additive'],
    kernels: (right) => ({
      weightedContextGrad: (inputs, request) =>
        right.weightedContextGrad(
          inputs,
          request.normalizer === 'entmax15' ? { ...request, normalizer: 'softmax' } : request,
        ),
    }),
  },
  {
    id: 'hard attention with a straight-through gradient',
    group: 'normalizers',
    reason: /normalizers\/hard\/plain: dScores.* expected 0:/,
    spares: ['masks', 'additive'],
    kernels: (right) => ({
      weightedContextGrad: (inputs, request) => {
        const gradients = right.weightedContextGrad(inputs, request);
        return request.normalizer === 'hard' ? { ...gradients, dScores: map(inputs.dWeights, (x) => x) } : gradients;
      },
    }),
  },
];
