import { NORMALIZERS } from '@heed/core';
import { agreement, type AgreementCase } from '../case.js';
import { ALL_OUTPUTS, add, dot, weigh } from '../examples.js';

export const dropout: readonly AgreementCase[] = [
  ...[0, 1e-9, 0.1, 0.5, 0.9].map((rate) =>
    agreement('dropout', `dot/rate${rate}`, dot({ dropout: { rate, seed: 1 }, outputs: ALL_OUTPUTS })),
  ),
  // Both words of the key, and the largest seed there is.
  ...[0, 2 ** 32, 2 ** 32 + 5, Number.MAX_SAFE_INTEGER].map((seed) =>
    agreement('dropout', `dot/seed${seed}`, dot({ dropout: { rate: 0.5, seed } })),
  ),
  agreement(
    'dropout',
    'dot/masked',
    dot({
      dropout: { rate: 0.3, seed: 2 },
      causal: { align: 'bottom-right' },
      mask: { kind: 'padding', lengths: [6, 0] },
      outputs: ALL_OUTPUTS,
    }),
  ),
  agreement(
    'dropout',
    'dot/tq33-tk70',
    dot({ batch: 1, heads: 2, keyHeads: 1, queries: 33, keys: 70, dropout: { rate: 0.25, seed: 3 } }),
  ),
  agreement(
    'dropout',
    'dot/with-cap-and-bias',
    dot({
      dropout: { rate: 0.3, seed: 4 },
      softCap: 2,
      bias: { kind: 'dense', shape: [3, 5, 7], masked: 0.2 },
      outputs: ALL_OUTPUTS,
    }),
  ),
  agreement('dropout', 'additive/rate0.4', add({ dropout: { rate: 0.4, seed: 6 }, outputs: ALL_OUTPUTS })),
  agreement(
    'dropout',
    'additive/masked',
    add({ dropout: { rate: 0.4, seed: 7 }, mask: { kind: 'padding', lengths: [3, 7] }, outputs: ALL_OUTPUTS }),
  ),
  ...NORMALIZERS.map((normalizer) =>
    agreement(
      'dropout',
      `weighted/${normalizer}`,
      weigh({ normalizer, dropout: { rate: 0.4, seed: 8 }, outputs: ['weights'] }),
    ),
  ),
];
