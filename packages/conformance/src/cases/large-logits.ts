import { NORMALIZERS } from '@heed/core';
import { agreement, type AgreementCase } from '../case.js';
import { ALL_OUTPUTS, add, dot, weigh } from '../examples.js';

export const largeLogits: readonly AgreementCase[] = [
  // Scores of about ±1e4 and far apart: one key takes all.
  agreement(
    'large logits',
    'dot/saturated',
    dot({ scale: 1, magnitude: { query: 70, key: 70 }, outputs: ALL_OUTPUTS }),
  ),
  // Scores are exact multiples of 1e4, so equal ones are equal on every backend.
  agreement(
    'large logits',
    'dot/tied',
    dot({
      width: 1,
      scale: 1,
      poison: [{ input: 'query', value: 100, at: [] }],
      magnitude: { key: 100 },
      grid: { key: 100 },
      outputs: ALL_OUTPUTS,
    }),
  ),
  // All scores near ±1e4 and close together: exp overflows, or every exp is 0, unless the highest is taken off.
  ...[1e4, -1e4].map((offset) =>
    agreement(
      'large logits',
      `dot/all-near-${offset}`,
      dot({ bias: { kind: 'dense', shape: [3, 5, 7], offset }, outputs: ALL_OUTPUTS }),
    ),
  ),
  // A mask that only subtracts a large number loses where what is masked scores higher by more than that.
  agreement(
    'large logits',
    'dot/masked-above-attended',
    dot({
      scale: 1,
      magnitude: { query: 200, key: 200 },
      mask: { kind: 'dense', shape: [5, 7], attended: 0.4, emptyRows: [3] },
      outputs: ALL_OUTPUTS,
    }),
  ),
  agreement(
    'large logits',
    'dot/rows-of-both-signs-tk70',
    dot({
      batch: 1,
      keys: 70,
      scale: 1,
      magnitude: { query: 70, key: 70 },
      mask: { kind: 'padding', lengths: [67] },
      outputs: ALL_OUTPUTS,
    }),
  ),
  agreement('large logits', 'additive/saturated', add({ magnitude: { vector: 1e4 }, outputs: ALL_OUTPUTS })),
  ...NORMALIZERS.flatMap((normalizer) => [
    agreement(
      'large logits',
      `weighted/${normalizer}/saturated`,
      weigh({ normalizer, magnitude: { scores: 1e4 }, outputs: ['weights'] }),
    ),
    agreement(
      'large logits',
      `weighted/${normalizer}/tied`,
      weigh({ normalizer, magnitude: { scores: 1e4 }, grid: { scores: 1e4 }, outputs: ['weights'] }),
    ),
  ]),
];
