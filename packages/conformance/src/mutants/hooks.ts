import type { HookMeaning, HookMeanings } from '../oracle/hooks.js';
import { gradientOfRequest, map, ofOperands, ofRequest, type Mutant } from './mutant.js';

const SPARED = ['masks', 'bias', 'outputs', 'normalizers'] as const;

const withScoreHook = (hooks: HookMeanings, change: (right: HookMeaning) => HookMeaning): HookMeanings => ({
  ...hooks,
  ...(hooks.scoreHook && { scoreHook: change(hooks.scoreHook) }),
});

export const hookMutants: readonly Mutant[] = [
  {
    id: 'score hook ignored',
    group: 'hooks',
    reason: /hooks\/dot\/decay: context/,
    spares: SPARED,
    kernels: ofRequest((request) => ({ ...request, scoreHook: null })),
  },
  {
    id: 'mask hook ignored',
    group: 'hooks',
    reason: /hooks\/dot\/causal: context/,
    spares: SPARED,
    kernels: ofRequest((request) => ({ ...request, maskHook: null })),
  },
  {
    id: 'weight hook ignored in the gradient',
    group: 'hooks',
    reason: /hooks\/dot\/gain-of-weights: dValue/,
    spares: SPARED,
    kernels: gradientOfRequest((request) => ({ ...request, weightHook: null })),
  },
  {
    id: 'query and key of a hook swapped',
    group: 'hooks',
    reason: /hooks\/dot\/lengths: context/,
    spares: SPARED,
    kernels: ofOperands(({ hooks }) => ({
      hooks: withScoreHook(hooks, ({ value, pullBack }) => ({
        value: (b, h, i, j, x) => value(b, h, j, i, x),
        pullBack: (b, h, i, j, x, gradient) => pullBack(b, h, j, i, x, gradient),
      })),
    })),
  },
  {
    id: 'derivative of a score hook forgotten',
    group: 'hooks',
    reason: /hooks\/dot\/temperature: dQuery/,
    spares: SPARED,
    kernels: (right) => ({
      dotProductAttentionGrad: (inputs, request) => {
        const gradients = right.dotProductAttentionGrad(inputs, request);
        if (request.scoreHook === null) return gradients;
        // The weights are right, but their gradients come through as they are.
        return { ...gradients, dQuery: map(gradients.dQuery, (x) => 2 * x) };
      },
    }),
  },
  {
    id: 'captured tensors of all heads get the gradient of the first',
    group: 'hooks',
    reason: /hooks\/dot\/decay: dRate/,
    spares: SPARED,
    kernels: (right) => ({
      dotProductAttentionGrad: (inputs, request) => {
        const { dCaptures, ...gradients } = right.dotProductAttentionGrad(inputs, request);
        return { ...gradients, ...(dCaptures && { dCaptures: map(dCaptures, () => dCaptures[0]) }) };
      },
    }),
  },
  {
    id: 'hook after the mask',
    group: 'hooks',
    reason: /hooks\/dot\/(?:before-mask|padding-holds-nan): context/,
    spares: SPARED,
    kernels: ofOperands(({ hooks, attends }) => ({
      attends: hooks.scoreHook ? () => true : attends,
      hooks: withScoreHook(hooks, (right) => ({
        ...right,
        value: (b, h, i, j, x) => (attends(b, h, i, j) ? right.value(b, h, i, j, x) : -1e4),
      })),
    })),
  },
];
