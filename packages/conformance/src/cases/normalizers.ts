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

export const normalizers: readonly AgreementCase[] = [
  ...NORMALIZERS.flatMap((normalizer: Normalizer) =>
    Object.entries(VARIANTS).map(([name, variant]) =>
      agreement('normalizers', `${normalizer}/${name}`, weigh({ ...variant, normalizer, outputs: ['weights'] })),
    ),
  ),
  agreement('normalizers', 'default', weigh({ outputs: ['weights'] })),
];
