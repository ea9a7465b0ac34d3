import * as tf from '@tensorflow/tfjs-core';
import { asked } from './asked.js';

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
  return overSum(powersOf(scores, allowed, scores)) as T;
}

/**
 * Shares f_j·exp(e_j) / Σ f·exp(e) of what is allowed, along the last axis; exactly 0 elsewhere, and in a row without anything. The same as
 * the softmax times f over its sum, which is lost where f leaves only what the softmax has next to nothing for.
 *
 * @param factors f ≥ 0, of the scores' shape
 */
export function factoredSoftmax(factors: tf.Tensor3D, scores: tf.Tensor3D, allowed: tf.Tensor3D): tf.Tensor3D {
  if (scores.size === 0) return tf.zerosLike(scores);
  const given = onlyWhere(allowed, factors);
  const isSome = asked(given, (f) => tf.greaterEqual(f, SMALLEST));
  const logarithms = tf.where(
    isSome,
    tf.add(scores, tf.log(tf.maximum(given, SMALLEST))),
    tf.fill(scores.shape, LOWEST),
  );
  return overSum(timesFactors(powersOf(scores, allowed, logarithms), given));
}

/**
 * p·f, whose gradients stay finite. That in a factor of 0 is how much its share would grow, which has no end where its score is far above
 * those of the others; steps multiply it, and 0 times ∞ would reach all the rest.
 */
const timesFactors = (powers: tf.Tensor3D, factors: tf.Tensor3D): tf.Tensor3D =>
  tf.customGrad((p, f, save) => {
    (save as tf.GradSaveFunc)([p as tf.Tensor, f as tf.Tensor]);
    return {
      value: tf.mul(p as tf.Tensor3D, f as tf.Tensor3D),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => [
        tf.mul(dy, saved[1]!),
        tf.clipByValue(tf.mul(dy, saved[0]!), -STEEPEST, STEEPEST),
      ],
    };
  })(powers, factors) as tf.Tensor3D;

/**
 * exp(e − max) where allowed, else 0.
 *
 * @param most what has the maximum: the scores, or what is at most 87 less, or so low that nothing is made of it
 */
function powersOf<T extends tf.Tensor>(scores: T, allowed: tf.Tensor, most: tf.Tensor): T {
  const none = tf.zerosLike(scores);
  // Any shift gives the same weights, so this one has no gradient.
  const largest = asked(most, (x) => tf.max(tf.where(allowed, x, tf.fill(x.shape, LOWEST)), -1, true));
  const shifted = tf.where(allowed, tf.sub(tf.where(allowed, scores, none), largest), none);
  return tf.where(allowed, tf.exp(tf.minimum(shifted, LARGEST_EXPONENT)), none) as T;
}

/** Rows of numbers ≥ 0 over their sums; a row of zeros stays one. */
export function overSum<T extends tf.Tensor>(x: T): T {
  // Any scale gives the same shares, so this one has no gradient. Without it the square of a small sum, which gradients divide by, is 0.
  const scale = asked(x, (given) => {
    const largest = tf.max(given, -1, true);
    return tf.where(tf.greaterEqual(largest, SMALLEST), tf.reciprocal(largest), tf.zerosLike(largest));
  });
  const scaled = tf.mul(x, scale);
  const sum = tf.sum(scaled, -1, true);
  return tf.div(scaled, tf.where(tf.greaterEqual(sum, SMALLEST), sum, tf.onesLike(sum)));
}

/** x at the position before, along the last axis; 0 at the first: [N, T, Tk] → [N, T, Tk]. */
export function fromBefore(x: tf.Tensor3D, distance = 1): tf.Tensor3D {
  if (x.size === 0) return tf.clone(x);
  const padded = tf.pad3d(x, [
    [0, 0],
    [0, 0],
    [distance, 0],
  ]);
  return tf.slice(padded, [0, 0, 0], x.shape);
}

/** x at the position after, along the last axis; 0 at the last. */
export function fromAfter(x: tf.Tensor3D, distance = 1): tf.Tensor3D {
  if (x.size === 0) return tf.clone(x);
  const padded = tf.pad3d(x, [
    [0, 0],
    [0, 0],
    [0, distance],
  ]);
  return tf.slice(padded, [0, 0, distance], x.shape);
}

/** [N, Tk] → [N, 1, Tk] */
export const asStep = <T extends tf.Tensor>(x: T): tf.Tensor3D => tf.expandDims(x, 1);

/** [N, T, Tk], 1 and 0 for true and false. */
export const asNumbers = <T extends tf.Tensor>(x: T): T => tf.cast(x, 'float32');

/** x where allowed, else 0; what x holds elsewhere, NaN included, reaches nothing. */
export const onlyWhere = <T extends tf.Tensor>(allowed: tf.Tensor, x: T): T => tf.where(allowed, x, tf.zerosLike(x));

// The smallest normal number of float32: an engine may take smaller ones for 0.
const SMALLEST = 2 ** -126;
// Its power of e is the largest that float32 has room for, with some of it to spare.
const LARGEST_EXPONENT = 87.5;
// The greatest gradient in a factor: far from what float32 has room for, so that sums of it have some.
const STEEPEST = 2 ** 100;
// The lowest number of float32: unlike −∞ it has no gradient that is NaN.
const LOWEST = -(2 - 2 ** -23) * 2 ** 127;
