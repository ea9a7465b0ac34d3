import { NORMALIZERS } from '@heed/core';
import { agreement, type AgreementCase } from '../case.js';
import type { Example } from '../example.js';
import { ALL_OUTPUTS, add, dot, weigh } from '../examples.js';

const small = { batch: 2, queries: 3, keys: 4, valueWidth: 2, outputs: ALL_OUTPUTS } as const;
const twoHeads = { ...small, heads: 2, keyHeads: 2, width: 3 } as const;
const scores = { leading: [2], queries: 3, keys: 5, valueWidth: 2, outputs: ['weights'] } as const;

const EXAMPLES: Readonly<Record<string, Example>> = {
  'dot/base': dot(twoHeads),
  'dot/groups': dot({ ...twoHeads, heads: 4 }),
  'dot/cap': dot({ ...twoHeads, softCap: 1.5, magnitude: { query: 2 } }),
  'dot/dropout': dot({ ...twoHeads, dropout: { rate: 0.4, seed: 12 } }),
  'dot/masked': dot({ ...twoHeads, causal: { offset: [-1, 2] }, mask: { kind: 'padding', lengths: [3, 4] } }),
  'dot/biases': dot({
    ...twoHeads,
    bias: {
      kind: 'sum',
      biases: [
        { kind: 'dense', shape: [2, 1, 4], axes: 'hqk', masked: 0.2 },
        { kind: 'relativePosition', rows: 2, reach: 1, align: 'bottom-right' },
        { kind: 'alibi', align: 'bottom-right' },
      ],
    },
  }),
  'dot/everything': dot({
    ...twoHeads,
    heads: 4,
    scale: 0.8,
    softCap: 2,
    bias: { kind: 'dense', shape: [2, 1, 3, 4] },
    mask: { kind: 'dense', shape: [4, 3, 4], attended: 0.7 },
    dropout: { rate: 0.2, seed: 13 },
  }),
  'additive/base': add({ ...small, units: 3 }),
  'additive/masked-dropout': add({
    ...small,
    units: 3,
    mask: { kind: 'padding', lengths: [2, 4] },
    dropout: { rate: 0.3, seed: 14 },
  }),
  ...Object.fromEntries(NORMALIZERS.map((normalizer) => [`weighted/${normalizer}`, weigh({ ...scores, normalizer })])),
  'weighted/entmax': weigh({ ...scores, normalizer: 'entmax', numbers: { alpha: [1.4] } }),
  'weighted/entmax15-masked': weigh({ ...scores, normalizer: 'entmax15', mask: { kind: 'padding', lengths: [3, 5] } }),
};

export const differences: readonly AgreementCase[] = Object.entries(EXAMPLES).map(([name, example]) =>
  agreement('differences', name, example, { gradients: 'differences' }),
);
