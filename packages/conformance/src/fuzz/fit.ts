import type { Example } from '../example.js';
import { scoreSizes } from '../ops/table.js';
import type { Draft } from './draft.js';
import { FIT_OPS, type Given } from './fit-ops.js';
import { fitCausal, fitMask } from './fit-parts.js';

/** Valid example that follows the draft as far as possible; with `given`, a dot product with that query. */
export function fit(draft: Draft, given?: Given): Example {
  const op = FIT_OPS[given === undefined ? draft.op : 'dotProductAttention'];
  const bare = op.bare(draft, given);
  const sizes = scoreSizes(bare);
  const { magnitude, poison } = draft;
  const { mask, causal, dropout } = op.hasWeights ? draft : { mask: null, causal: null, dropout: null };
  return {
    ...bare,
    ...(mask && { mask: fitMask(mask, sizes, !op.hasHeads) }),
    ...(causal && { causal: fitCausal(causal, sizes) }),
    ...(dropout && { dropout }),
    outputs: op.outputs(draft),
    ...(magnitude !== 1 && { magnitude: { [op.scored]: magnitude } }),
    // On a tie the gradient of a sparse normaliser jumps, so it couldn't be checked.
    ...(draft.ties && op.givesScores && !op.isSparse(bare) && { grid: { [op.scored]: 1 } }),
    ...(poison !== null && {
      poison: op.maskable.map((input) => ({ input, value: poison, at: 'masked' as const })),
    }),
  };
}
