import * as tf from '@tensorflow/tfjs-core';
import { defineNormalizer } from './define.js';
import { centred, shiftRows, sortedSums, spoilRows, unanswerable } from './rows.js';

/**
 * The projection onto the simplex: max(z − τ, 0) with τ from the sorted scores.
 *
 * @see Martins & Astudillo 2016, arXiv:1602.02068, algorithm 1
 */
export const sparsemax = defineNormalizer({
  name: 'sparsemax',
  title: 'sparsemax',
  forward(scores) {
    const shifted = shiftRows(scores);
    const { sorted, ranks, sums } = sortedSums(shifted);
    const inSupport = tf.greater(tf.add(tf.mul(sorted, ranks), 1), sums);
    const size = tf.sum(tf.cast(inSupport, 'float32'), -1, true);
    const total = tf.sum(tf.where(inSupport, sorted, tf.zerosLike(sorted)), -1, true);
    return spoilRows(tf.relu(tf.sub(shifted, tf.div(tf.sub(total, 1), size))), unanswerable(scores));
  },
  backward: (weights, dWeights) =>
    centred(tf.where(tf.isNaN(weights), weights, tf.cast(tf.greater(weights, 0), 'float32')), dWeights),
});
