import { dotProductAttention } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Computation } from './computation.js';

/** Scaled dot product: e = q kᵀ / √D of queries q [Tq, D] and keys k [Tk, D], then the mean of values v [Tk, Dv]. */
export const dotProduct: Computation = {
  needs: ['q', 'k', 'v'],
  compute({ q, k, v }) {
    const one = (x: tf.Tensor2D): tf.Tensor4D => tf.reshape(x, [1, 1, ...x.shape]);
    const { weights, context } = dotProductAttention(one(q!), one(k!), one(v!), { returnWeights: true });
    return { e: tf.div(tf.matMul(q!, k!, false, true), Math.sqrt(q!.shape[1])), α: weights, c: context };
  },
};
