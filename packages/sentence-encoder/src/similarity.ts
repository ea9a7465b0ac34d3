import * as tf from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/core';

/**
 * Cosines between the rows of a and those of b: 1 for the same direction, about 0 for unrelated sentences.
 *
 * @param a [A, E], rows of length 1, as `embed` returns them
 * @param b [B, E]; a by default
 * @returns [A, B]
 * @throws HeedError SHAPE_MISMATCH
 * @see Cer et al. 2018, arXiv:1803.11175, §5, which turns the cosine into a score of similarity, 1 − arccos(cosine)/π
 */
export function similarity(a: tf.Tensor2D, b: tf.Tensor2D = a): tf.Tensor2D {
  if (a.rank !== 2 || b.rank !== 2 || a.shape[1] !== b.shape[1]) {
    throw new HeedError('SHAPE_MISMATCH', {
      message: `similarity: a is [${a.shape}], b is [${b.shape}]`,
      hint: 'both are [number of sentences, width]',
      details: { a: a.shape, b: b.shape },
    });
  }
  if (a.size === 0 || b.size === 0) return tf.zeros([a.shape[0], b.shape[0]]);
  return tf.matMul(a, b, false, true);
}
