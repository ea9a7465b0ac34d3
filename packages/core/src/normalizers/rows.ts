import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { LOWEST_FLOAT, alive } from '../composed/shared.js';

/** Pieces of normalisers, over rows of scores along the last axis. */

/** NaN in every row in which a position is marked. */
export function spoilRows(weights: Tensor, marks: Tensor): Tensor {
  const spoiled = tf.greater(tf.max(tf.cast(marks, 'float32'), -1, true), 0);
  return tf.where(tf.broadcastTo(spoiled, weights.shape), tf.fill(weights.shape, NaN), weights);
}

/** Marks of attended scores that no projection onto the simplex has an answer for: NaN and +∞. */
export const unanswerable = (scores: Tensor): Tensor =>
  tf.logicalAnd(alive(scores), tf.logicalNot(tf.isFinite(scores)));

/**
 * Scores with the row's highest at 0 and none below −2: whatever is more than 1 below the highest is outside the support
 * of both projections, and finite numbers keep the sums finite.
 */
export function shiftRows(scores: Tensor): Tensor {
  return tf.maximum(tf.sub(scores, tf.maximum(tf.max(scores, -1, true), LOWEST_FLOAT)), -2);
}

/** Each row from its highest number down, the ranks from 1 on, and the running sums. */
export function sortedSums(rows: Tensor): { sorted: Tensor; ranks: Tensor; sums: Tensor } {
  const keys = rows.shape.at(-1)!;
  const sorted = tf.topk(rows, keys, true).values;
  const ranks = tf.broadcastTo(tf.range(1, keys + 1, 1, 'float32'), sorted.shape);
  return { sorted, ranks, sums: cumulative(sorted) };
}

/** Running sums along the last axis, as a product with a triangle: tf.cumsum can stop the wasm engine for good. */
export function cumulative(rows: Tensor): Tensor {
  const keys = rows.shape.at(-1)!;
  const steps = tf.range(0, keys, 1, 'int32');
  const triangle = tf.cast(tf.lessEqual(tf.reshape(steps, [keys, 1]), tf.reshape(steps, [1, keys])), 'float32');
  return tf.reshape(tf.matMul(tf.reshape(rows, [-1, keys]), triangle as tf.Tensor2D), rows.shape);
}

/**
 * g∘(d − Σ g∘d / Σ g), 0 for an empty row: the gradient in the scores, by that in the weights, of softmax (g = p), sparsemax
 * (g = [p > 0]) and 1.5-entmax (g = √p).
 *
 * @see Peters, Niculae & Martins 2019, arXiv:1905.05702, proposition 2
 */
export function centred(g: Tensor, d: Tensor): Tensor {
  const total = tf.sum(g, -1, true);
  const safe = tf.where(tf.equal(total, 0), tf.onesLike(total), total);
  return tf.mul(g, tf.sub(d, tf.div(tf.sum(tf.mul(g, d), -1, true), safe)));
}
