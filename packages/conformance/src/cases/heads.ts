import { agreement, type AgreementCase } from '../case.js';
import { ALL_OUTPUTS, dot } from '../examples.js';
import type { DotProductExample } from '../ops/dot-product.js';

const GROUPINGS = [
  [4, 4],
  [4, 2],
  [4, 1],
  [6, 3],
  [6, 2],
  [6, 1],
  [8, 4],
] as const;

const grouped = { heads: 6, keyHeads: 2 } as const;

const EXTRAS: Readonly<Record<string, Partial<DotProductExample>>> = {
  'mask-per-head': { mask: { kind: 'dense', shape: [2, 6, 5, 7], attended: 0.6 } },
  'bias-per-head': { bias: { kind: 'dense', shape: [6, 5, 7] } },
  alibi: { bias: { kind: 'alibi', align: 'bottom-right' } },
  'relative-per-head': { bias: { kind: 'relativePosition', rows: 6, reach: 3, align: 'bottom-right' } },
  dropout: { dropout: { rate: 0.4, seed: 17 } },
  'causal-padding-cap': {
    causal: { align: 'bottom-right' },
    mask: { kind: 'padding', lengths: [7, 4] },
    softCap: 2,
  },
};

export const heads: readonly AgreementCase[] = [
  ...GROUPINGS.map(([heads, keyHeads]) =>
    agreement('heads', `dot/hq${heads}-hk${keyHeads}`, dot({ heads, keyHeads, outputs: ALL_OUTPUTS })),
  ),
  ...GROUPINGS.slice(1, 3).map(([heads, keyHeads]) =>
    agreement('heads', `dot/hq${heads}-hk${keyHeads}/t33`, dot({ batch: 1, heads, keyHeads, queries: 33, keys: 33 })),
  ),
  ...Object.entries(EXTRAS).map(([name, extra]) =>
    agreement('heads', `dot/hq6-hk2/${name}`, dot({ ...grouped, ...extra, outputs: ALL_OUTPUTS })),
  ),
];
