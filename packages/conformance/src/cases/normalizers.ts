import { NORMALIZERS, type Normalizer } from '@heed/core';
import { agreement, type AgreementCase } from '../case.js';
import { weigh } from '../examples.js';
import type { WeightedExample } from '../ops/weighted.js';

const VARIANTS: Readonly<Record<string, Partial<WeightedExample>>> = {
  plain: {},
  spread: { magnitude: { scores: 3 } },
  flat: { magnitude: { scores: 0.1 } },
  // Whole numbers: ties at the top, and scores exactly on the edge of a support.
  ties: { grid: { scores: 1 } },
  equal: { magnitude: { scores: 0 } },
  'one-key': { keys: 1 },
  'two-keys': { keys: 2 },
  tk33: { leading: [1], queries: 17, keys: 33, magnitude: { scores: 2 } },
  tk65: { leading: [1], queries: 3, keys: 65, magnitude: { scores: 0.5 } },
  'leading-none': { leading: [] },
  'leading-b': { leading: [3] },
  'leading-four': { leading: [2, 1, 3] },
  causal: { causal: { align: 'bottom-right' } },
  'padding-zero': { mask: { kind: 'padding', lengths: [3, 0] } },
  'dense-per-head': { mask: { kind: 'dense', shape: [3, 5, 7], attended: 0.6, emptyRows: [1] } },
  'minus-infinity-scores': {
    poison: [
      { input: 'scores', value: -Infinity, at: [0, 1, 2] },
      { input: 'scores', value: -Infinity, at: [1, 0, 3, 4] },
      { input: 'scores', value: -Infinity, at: [1, 2, 0, 0] },
    ],
  },
};

/** Tensors of α: one for each head, softmax and what is near it among them, and one for all. */
const ALPHAS: Readonly<Record<string, readonly number[]>> = {
  'per-head': [1.2, 1.5, 1.9],
  limits: [1, 1.01, 2],
  'above-two': [2.5, 3, 1.05],
  shared: [1.3],
};

/** Ties on the edge of a support have two gradients, and which of them is found is chance unless α is special. */
const { ties: _, ...GENERAL } = VARIANTS;

const entmaxCases: Readonly<Record<string, Partial<WeightedExample>>> = {
  ...Object.fromEntries(Object.entries(GENERAL).map(([name, variant]) => [name, { ...variant, alpha: 1.3 }])),
  'plain-softmax': { alpha: 1 },
  ...Object.fromEntries(Object.entries(ALPHAS).map(([name, alpha]) => [`tensor-${name}`, { numbers: { alpha } }])),
  'tensor-causal': { ...VARIANTS['causal'], numbers: { alpha: ALPHAS['per-head']! } },
  'tensor-padding-zero': { ...VARIANTS['padding-zero'], numbers: { alpha: ALPHAS['limits']! } },
  'tensor-dropout': { numbers: { alpha: ALPHAS['per-head']! }, dropout: { rate: 0.3, seed: 15 } },
};

export const normalizers: readonly AgreementCase[] = [
  ...NORMALIZERS.flatMap((normalizer: Normalizer) =>
    Object.entries(VARIANTS).map(([name, variant]) =>
      agreement('normalizers', `${normalizer}/${name}`, weigh({ ...variant, normalizer, outputs: ['weights'] })),
    ),
  ),
  ...Object.entries(entmaxCases).map(([name, variant]) =>
    agreement('normalizers', `entmax/${name}`, weigh({ ...variant, normalizer: 'entmax', outputs: ['weights'] })),
  ),
  agreement('normalizers', 'default', weigh({ outputs: ['weights'] })),
];
