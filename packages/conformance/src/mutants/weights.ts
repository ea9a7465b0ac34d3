import { philox } from '../oracle/philox.js';
import { gradientOfRequest, map, ofOperands, ofRequest, type Mutant } from './mutant.js';

/** What becomes of the scores: dropout, the outputs, and other scores and normalisers than the dot product's. */
export const weightMutants: readonly Mutant[] = [
  {
    id: 'dropout ignored',
    group: 'dropout',
    reason: /dropout\/dot\/rate0\.5: context/,
    spares: ['masks', 'additive', 'normalizers'],
    kernels: ofRequest((request) => ({ ...request, dropout: null })),
  },
  {
    id: 'dropout not scaled',
    group: 'dropout',
    reason: /dropout\/dot\/rate0\.5: context/,
    spares: ['masks', 'additive', 'normalizers'],
    kernels: ofOperands(({ dropout }, _inputs, request) => ({
      dropout: (n) => dropout(n) * (1 - (request.dropout?.rate ?? 0)),
    })),
  },
  {
    id: 'dropout counted anew for each head',
    group: 'dropout',
    reason: /dropout\/dot\/rate0\.5: context/,
    spares: ['masks', 'additive', 'normalizers'],
    kernels: ofOperands(({ dropout, queries, keys }) => ({ dropout: (n) => dropout(n % (queries * keys)) })),
  },
  {
    id: 'dropout counted four weights at a time',
    group: 'dropout',
    reason: /dropout\/dot\/rate0\.5: context/,
    spares: ['masks', 'additive', 'normalizers'],
    kernels: ofOperands((_operands, _inputs, { dropout }) =>
      dropout
        ? {
            dropout: (n) => {
              const words = philox(
                [Math.floor(n / 4), 0, 0, 0],
                [dropout.seed % 2 ** 32, Math.floor(dropout.seed / 2 ** 32)],
              );
              return words[n % 4] >= Math.floor(dropout.rate * 2 ** 32) ? 1 / (1 - dropout.rate) : 0;
            },
          }
        : {},
    ),
  },
  {
    id: 'dropout seed cut to 32 bits',
    group: 'dropout',
    reason: /dropout\/dot\/seed4294967301: context/,
    spares: ['masks', 'heads', 'additive', 'normalizers'],
    kernels: ofRequest((request) => ({
      ...request,
      dropout: request.dropout && { ...request.dropout, seed: request.dropout.seed % 2 ** 32 },
    })),
  },
  {
    id: 'dropout forgotten in the gradient',
    group: 'dropout',
    reason: /dropout\/dot\/rate0\.5: dQuery/,
    spares: ['masks', 'additive', 'normalizers'],
    kernels: gradientOfRequest((request) => ({ ...request, dropout: null })),
  },
  {
    id: 'weights returned after dropout',
    group: 'dropout',
    reason: /dropout\/dot\/rate0\.5: weights/,
    spares: ['masks', 'additive', 'normalizers'],
    kernels: (right) => ({
      dotProductAttention: (inputs, request) => {
        const outputs = right.dotProductAttention(inputs, request);
        const { weights } = outputs;
        if (!weights || !request.dropout) return outputs;
        const { seed, rate } = request.dropout;
        const dropped = (n: number): boolean =>
          philox([n, 0, 0, 0], [seed % 2 ** 32, Math.floor(seed / 2 ** 32)])[0] < Math.floor(rate * 2 ** 32);
        return { ...outputs, weights: map(weights, (x, n) => (dropped(n) ? 0 : x / (1 - rate))) };
      },
    }),
  },
  {
    id: 'logSumExp to base 2',
    group: 'outputs',
    reason: /outputs\/dot\/context\+logSumExp: logSumExp/,
    spares: ['normalizers', 'additive'],
    kernels: (right) => ({
      dotProductAttention: (inputs, request) => {
        const outputs = right.dotProductAttention(inputs, request);
        return { ...outputs, logSumExp: map(outputs.logSumExp, (x) => x / Math.LN2) };
      },
    }),
  },
  {
    id: 'logSumExp of an empty row finite',
    group: 'outputs',
    reason: /outputs\/dot\/context\+logSumExp: logSumExp.* is -1\.\d*e\+30, expected -Infinity/,
    spares: ['normalizers', 'additive'],
    kernels: (right) => ({
      dotProductAttention: (inputs, request) => {
        const outputs = right.dotProductAttention(inputs, request);
        return { ...outputs, logSumExp: map(outputs.logSumExp, (x) => Math.max(x, -1e30)) };
      },
    }),
  },
  {
    id: 'additive scores scaled by 1/√U',
    group: 'additive',
    reason: /additive\/base: context/,
    spares: ['masks', 'normalizers'],
    kernels: (right) => ({
      additiveAttention: (inputs, request) =>
        right.additiveAttention(
          { ...inputs, vector: map(inputs.vector, (x) => x / Math.sqrt(request.units)) },
          request,
        ),
    }),
  },
  {
    id: 'additive attention without its mask',
    group: 'additive',
    reason: /additive\/mask\/padding: context/,
    spares: ['masks', 'normalizers'],
    kernels: (right) => ({
      additiveAttention: (inputs, request) => right.additiveAttention(inputs, { ...request, mask: {} }),
      additiveAttentionGrad: (inputs, request) => right.additiveAttentionGrad(inputs, { ...request, mask: {} }),
    }),
  },
  {
    id: 'additive tanh approximated to 1e-3',
    group: 'additive',
    reason: /additive\/base: logSumExp/,
    spares: ['masks', 'normalizers'],
    kernels: (right) => ({
      additiveAttention: (inputs, request) =>
        right.additiveAttention({ ...inputs, vector: map(inputs.vector, (x) => x * 1.001) }, request),
    }),
  },
  {
    id: 'sparsemax run as softmax',
    group: 'normalizers',
    reason: /normalizers\/sparsemax\/plain: context/,
    spares: ['masks', 'additive'],
    kernels: (right) => ({
      weightedContext: (inputs, request) =>
        right.weightedContext(
          inputs,
          request.normalizer === 'sparsemax' ? { ...request, normalizer: 'softmax' } : request,
        ),
    }),
  },
  {
    id: 'hard attention takes the last of equals',
    group: 'normalizers',
    reason: /normalizers\/hard\/(ties|equal): weights/,
    spares: ['masks', 'additive'],
    kernels: (right) => ({
      weightedContext: (inputs, request) => {
        if (request.normalizer !== 'hard') return right.weightedContext(inputs, request);
        const nudged = map(inputs.scores, (x, n) => x + (n % request.keys) * 1e-9);
        return right.weightedContext({ ...inputs, scores: nudged }, request);
      },
    }),
  },
  {
    id: 'sigmoid weights made to sum to 1',
    group: 'normalizers',
    reason: /normalizers\/sigmoid\/plain: weights/,
    spares: ['masks', 'additive'],
    kernels: (right) => ({
      weightedContext: (inputs, request) => {
        const outputs = right.weightedContext(inputs, request);
        if (request.normalizer !== 'sigmoid') return outputs;
        const { weights } = outputs;
        const { keys } = request;
        const total = (row: number): number => {
          let sum = 0;
          for (let j = 0; j < keys; j++) sum += weights[row * keys + j];
          return sum || 1;
        };
        return { ...outputs, weights: map(weights, (x, n) => x / total(Math.floor(n / keys))) };
      },
    }),
  },
  {
    id: 'α of the first head for all of them',
    group: 'normalizers',
    reason: /normalizers\/entmax\/tensor-per-head: (context|weights)/,
    spares: ['masks', 'additive'],
    kernels: (right) => ({
      weightedContext: (inputs, request) =>
        right.weightedContext(
          inputs.parameter === undefined
            ? inputs
            : { ...inputs, parameter: map(inputs.parameter, () => inputs.parameter![0]) },
          request,
        ),
    }),
  },
  {
    id: 'gradient of α without its sign',
    group: 'normalizers',
    reason: /normalizers\/entmax\/tensor-.*: dAlpha/,
    spares: ['masks', 'additive'],
    kernels: (right) => ({
      weightedContextGrad(inputs, request) {
        const gradients = right.weightedContextGrad(inputs, request);
        const { dParameter } = gradients;
        return dParameter === undefined ? gradients : { ...gradients, dParameter: map(dParameter, Math.abs) };
      },
    }),
  },
];
