import * as tf from '@tensorflow/tfjs-core';
import { defineNormalizer } from './define.js';
import { centred, cumulative, shiftRows, sortedSums, spoilRows, unanswerable } from './rows.js';

/**
 * 1.5-entmax: max(z/2 − τ, 0)² with τ from the sorted scores.
 *
 * @see Peters, Niculae & Martins 2019, arXiv:1905.05702, algorithm 2
 */
export const entmax15 = defineNormalizer({
  name: 'entmax15',
  title: '1.5-entmax',
  forward(scores) {
    const shifted = shiftRows(tf.mul(scores, 0.5));
    const { sorted, ranks, sums } = sortedSums(shifted);
    const squares = cumulative(tf.square(sorted));
    const means = tf.div(sums, ranks);
    const spread = tf.sub(squares, tf.mul(ranks, tf.square(means)));
    const taus = tf.sub(means, tf.sqrt(tf.relu(tf.div(tf.sub(1, spread), ranks))));
    const size = tf.sum(tf.cast(tf.lessEqual(taus, sorted), 'float32'), -1, true);
    const tau = tf.sum(tf.where(tf.equal(ranks, size), taus, tf.zerosLike(taus)), -1, true);
    return spoilRows(tf.square(tf.relu(tf.sub(shifted, tau))), unanswerable(scores));
  },
  backward: (weights, dWeights) => centred(tf.sqrt(weights), dWeights),
});
