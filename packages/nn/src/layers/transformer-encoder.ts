import type * as tf from '@tensorflow/tfjs-core';
import { selfAttend } from '@heed/attention';
import type { Dropout } from './dropout.js';
import { toRows, toSequences } from './rows.js';
import { tidy } from './tidy.js';
import { throughBlock, type TransformerBlock } from './transformer-block.js';

export interface EncodeOptions {
  /** B */
  readonly batch: number;
  /** Lengths of the rows, by default all T; positions past a row's end take no part, and results there are undefined. */
  readonly lengths?: Int32Array | undefined;
  readonly dropout?: Dropout | undefined;
  readonly returnWeights?: boolean;
}

interface EncodedByBlocks {
  /** [B·T, E] */
  readonly output: tf.Tensor2D;
  /** Attention weights of each block, [B, H, T, T]; empty unless asked for. */
  readonly weights: readonly tf.Tensor4D[];
}

/**
 * A transformer's encoder without its embeddings and its last norm: blocks whose positions attend to all positions of their
 * row.
 *
 * @param x vectors of the positions, [B·T, I], row by row
 */
export function encodeByBlocks(
  blocks: readonly TransformerBlock[],
  x: tf.Tensor2D,
  { batch, lengths, dropout, returnWeights = false }: EncodeOptions,
): EncodedByBlocks {
  const weights: tf.Tensor4D[] = [];
  let output = x;
  for (const block of blocks) {
    // What a block needs on the way is gone after it, unless a gradient keeps it.
    const after = tidy(() => {
      let seen: tf.Tensor | undefined;
      const y = throughBlock(block, output, {
        dropout,
        attend(rows, mechanism) {
          const attended = selfAttend(mechanism, toSequences(rows, batch), { lengths, returnWeights });
          seen = attended.weights;
          return toRows(attended.context);
        },
      });
      return { y, seen };
    });
    output = after.y;
    if (after.seen !== undefined) weights.push(after.seen as tf.Tensor4D);
  }
  return { output, weights };
}
