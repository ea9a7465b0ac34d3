import * as tf from '@tensorflow/tfjs-core';

/** Tensors between scores and weights, by names of the mechanism: [N, T, …] each. */
export type Between = Readonly<Record<string, tf.Tensor>>;

export interface Weighed {
  /** [N, T, Tk], exactly 0 where a position takes no part. */
  readonly weights: tf.Tensor3D;
  readonly between?: Between;
}

/**
 * How scores become weights, where that isn't core's softmax.
 *
 * @param scores [N, T, Tk]
 * @param allowed which positions each query may attend to, bool [N, T, Tk]. What scores hold elsewhere must reach nothing
 */
export type Weigh = (scores: tf.Tensor3D, allowed: tf.Tensor3D) => Weighed;

/** Softmax along the last axis over what is allowed; exactly 0 elsewhere, and in a row without anything. */
export function maskedSoftmax<T extends tf.Tensor>(scores: T, allowed: tf.Tensor): T {
  if (scores.size === 0) return tf.zerosLike(scores);
  const none = tf.zerosLike(scores);
  const open = tf.where(allowed, scores, none);
  // Any shift gives the same weights, so this one has no gradient.
  const largest = asked(scores, (x) => tf.max(tf.where(allowed, x, tf.fill(x.shape, LOWEST)), -1, true));
  const powers = tf.where(allowed, tf.exp(tf.where(allowed, tf.sub(open, largest), none)), none);
  return overSum(powers) as T;
}

/** Rows of numbers ≥ 0 over their sums; a row of zeros stays one. */
export function overSum<T extends tf.Tensor>(x: T): T {
  const sum = tf.sum(x, -1, true);
  return tf.div(x, tf.where(tf.greaterEqual(sum, SMALLEST), sum, tf.onesLike(sum)));
}

/** x at the position before, along the last axis; 0 at the first: [N, T, Tk] → [N, T, Tk]. */
export function fromBefore(x: tf.Tensor3D, distance = 1): tf.Tensor3D {
  const [rows, time, keys] = x.shape;
  if (distance >= keys) return tf.zerosLike(x);
  const kept = tf.slice(x, [0, 0, 0], [rows, time, keys - distance]);
  return tf.pad3d(kept, [
    [0, 0],
    [0, 0],
    [distance, 0],
  ]);
}

/** x at the position after, along the last axis; 0 at the last. */
export function fromAfter(x: tf.Tensor3D, distance = 1): tf.Tensor3D {
  const [rows, time, keys] = x.shape;
  if (distance >= keys) return tf.zerosLike(x);
  const kept = tf.slice(x, [0, 0, distance], [rows, time, keys - distance]);
  return tf.pad3d(kept, [
    [0, 0],
    [0, 0],
    [0, distance],
  ]);
}

/** [N, Tk] → [N, 1, Tk] */
export const asStep = <T extends tf.Tensor>(x: T): tf.Tensor3D => tf.expandDims(x, 1);

/** [N, T, Tk], 1 and 0 for true and false. */
export const asNumbers = <T extends tf.Tensor>(x: T): T => tf.cast(x, 'float32');

/** x where allowed, else 0; what x holds elsewhere, NaN included, reaches nothing. */
export const onlyWhere = <T extends tf.Tensor>(allowed: tf.Tensor, x: T): T => tf.where(allowed, x, tf.zerosLike(x));

/**
 * What is asked of numbers and has no gradient in them, such as which of them is the largest. TensorFlow.js knows no gradients of
 * comparisons, not even that they are 0.
 */
export const asked = <T extends tf.Tensor, R extends tf.Tensor>(x: T, question: (x: T) => R): R =>
  tf.customGrad((given) => ({ value: question(given as T), gradFunc: () => tf.zerosLike(given as T) }))(x) as R;

// The smallest normal number of float32: an engine may take smaller ones for 0.
const SMALLEST = 2 ** -126;
// The lowest number of float32: unlike −∞ it has no gradient that is NaN.
const LOWEST = -(2 - 2 ** -23) * 2 ** 127;
