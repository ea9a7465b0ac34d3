import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { dropoutFactor } from '../philox.js';
import type { Dropout } from '../request.js';

/**
 * Pieces of the composed forms. `allowed` is a bool tensor that broadcasts to the scores, or undefined when nothing is
 * masked. Values under the mask may be NaN or infinite, so they are selected away, never multiplied by zero.
 */

/** What is less than it is −∞; compared because tests for infinity aren't reliable on every GPU. */
export const LOWEST_FLOAT = -3.4028234663852886e38;

/** Where a score isn't −∞, so that the position takes part; a NaN does. */
export const alive = (scores: Tensor): Tensor => tf.logicalNot(tf.less(scores, LOWEST_FLOAT));

export function maskScores(scores: Tensor, allowed: Tensor | undefined): Tensor {
  return allowed === undefined ? scores : select(allowed, scores, -Infinity);
}

/** `value` where allowed, `otherwise` elsewhere; shapes broadcast. */
export function select(allowed: Tensor, value: Tensor, otherwise: number): Tensor {
  return tf.where(tf.broadcastTo(allowed, value.shape), value, tf.scalar(otherwise));
}

/** The tensor with non-finite entries replaced by 0. */
export function finite(tensor: Tensor): Tensor {
  return tf.where(tf.isFinite(tensor), tensor, tf.zerosLike(tensor));
}

export interface SoftmaxRows {
  readonly weights: Tensor;
  readonly logSumExp: Tensor;
  readonly remainder: Tensor;
}

/** Softmax over the last axis; a row whose scores are all −∞ has weights 0 and logSumExp −∞. */
export function softmaxRows(scores: Tensor): SoftmaxRows {
  const { highest, sum, empty, ratios } = exponentialRows(scores);
  const log = tf.log(sum);
  const total = tf.add(highest, log);
  const logSumExp = tf.where(empty, tf.fill(sum.shape, -Infinity), total);
  const remainder = tf.where(empty, tf.zerosLike(sum), tf.sub(log, tf.sub(total, highest)));
  return {
    // A NaN or +∞ among the attended scores makes the whole row NaN, but not what is masked.
    weights: select(alive(scores), ratios, 0),
    logSumExp: tf.squeeze(logSumExp, [-1]),
    remainder: tf.squeeze(remainder, [-1]),
  };
}

interface ExponentialRows {
  /** [..., Tq, 1], 0 where the row has no score. */
  readonly highest: Tensor;
  /** Σ exp(score − highest), [..., Tq, 1]. */
  readonly sum: Tensor;
  /** Whether a row has no score, [..., Tq, 1]. */
  readonly empty: Tensor;
  /** exp(score − highest) / sum, [..., Tq, Tk]; NaN in all of a row that holds a NaN or +∞, also where it is masked. */
  readonly ratios: Tensor;
}

export function exponentialRows(scores: Tensor): ExponentialRows {
  const highest = finiteOrZero(tf.max(scores, -1, true));
  const exponentials = tf.exp(tf.sub(scores, highest));
  const sum = tf.sum(exponentials, -1, true);
  // Not left to what a row's highest is: to the webgl engine the highest of no finite number is −1e20.
  const empty = tf.equal(sum, 0);
  return { highest, sum, empty, ratios: tf.div(exponentials, tf.where(empty, tf.onesLike(sum), sum)) };
}

// −∞ − (−∞) would be NaN.
function finiteOrZero(highest: Tensor): Tensor {
  return tf.where(tf.less(highest, LOWEST_FLOAT), tf.zerosLike(highest), highest);
}

/**
 * weights·value, where each key head serves `heads / keyHeads` adjacent query heads.
 *
 * @param weights [B, Hq, Tq, Tk], 0 where masked
 * @param value   [B, Hk, Tk, Dv]
 * @returns [B, Hq, Tq, Dv]
 */
export function contextOf(weights: Tensor, value: Tensor, allowed: Tensor | undefined): Tensor {
  if (allowed === undefined || value.shape[3] === 0) return groupedMatMul(weights, value, false);
  // An attended NaN or ∞ must show and a masked one must not, so finite values are multiplied and the others counted.
  const infinite = tf.scalar(Infinity);
  const isNaN = tf.isNaN(value);
  const upward = tf.logicalOr(isNaN, tf.equal(value, infinite));
  const downward = tf.logicalOr(isNaN, tf.equal(value, tf.neg(infinite)));
  const counts = groupedMatMul(
    tf.cast(tf.broadcastTo(allowed, weights.shape), 'float32'),
    tf.cast(tf.concat([upward, downward], -1), 'float32'),
    false,
  );
  const [up, down] = tf.split(counts, 2, -1) as [Tensor, Tensor];
  const none = tf.zerosLike(up);
  return tf.addN([
    groupedMatMul(weights, finite(value), false),
    tf.where(tf.greater(up, 0), tf.fill(up.shape, Infinity), none),
    tf.where(tf.greater(down, 0), tf.fill(up.shape, -Infinity), none),
  ]);
}

/** [B, Hq, Tq, X] · [B, Hk, X, Y], or · [B, Hk, Y, X]ᵀ → [B, Hq, Tq, Y], query heads grouped by adjacency. */
export function groupedMatMul(left: Tensor, right: Tensor, transposeRight: boolean): Tensor {
  const [batch, heads, queries, inner] = left.shape as [number, number, number, number];
  const shape = [batch, heads, queries, right.shape[transposeRight ? 2 : 3]!];
  // Values may have no width; no engine promises products of empty operands.
  if (inner === 0 || shape[3] === 0) return tf.zeros(shape);
  return tf.reshape(tf.matMul(fold(left, right.shape[1]!), right, false, transposeRight), shape);
}

/** Σ over a group's queries of left ᵀ · right: [B, Hq, Tq, X], [B, Hq, Tq, Y] → [B, Hk, X, Y]. */
export function groupedOuter(left: Tensor, right: Tensor, keyHeads: number): Tensor {
  const [batch, , , width] = left.shape as [number, number, number, number];
  if (right.shape[3] === 0) return tf.zeros([batch, keyHeads, width, 0]);
  return tf.matMul(fold(left, keyHeads), fold(right, keyHeads), true, false);
}

/** [B, Hq, Tq, X] as [B, Hk, (Hq/Hk)·Tq, X]: a group's queries stand one after another. */
function fold(tensor: Tensor, keyHeads: number): Tensor {
  const [batch, heads, queries, width] = tensor.shape as [number, number, number, number];
  return heads === keyHeads ? tensor : tf.reshape(tensor, [batch, keyHeads, (heads / keyHeads) * queries, width]);
}

/** Factors 0 or 1/(1 − rate), in the shape of the weights; undefined without dropout. */
export function dropoutTensor(dropout: Dropout | null, shape: number[]): Tensor | undefined {
  if (dropout === null) return undefined;
  const factor = dropoutFactor(dropout);
  return tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, n) => factor(n)),
    shape,
  );
}

export function times(tensor: Tensor, factors: Tensor | undefined): Tensor {
  return factors === undefined ? tensor : tf.mul(tensor, factors);
}

/** The gradient in the scores of a softmax, 0 where masked, given those in its outputs. */
export function softmaxBackward(scores: Tensor, weights: Tensor, dWeights: Tensor, dLogSumExp: Tensor): Tensor {
  const open = alive(scores);
  const mean = tf.sum(select(open, tf.mul(weights, dWeights), 0), -1, true);
  const dScores = tf.mul(weights, tf.sub(dWeights, tf.sub(mean, tf.expandDims(dLogSumExp, -1))));
  return select(open, dScores, 0);
}

/** Sums over the axes along which a tensor of shape `shape` was broadcast. */
export function sumTo(tensor: Tensor, shape: readonly number[]): Tensor {
  const axes = shape.flatMap((length, axis) => (length === 1 && tensor.shape[axis] !== 1 ? [axis] : []));
  return axes.length === 0 ? tensor : tf.sum(tensor, axes, true);
}
