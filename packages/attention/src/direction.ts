import * as tf from '@tensorflow/tfjs-core';

/**
 * x / max(‖x‖, smallest) along the last axis, of vectors of any size: squares of what is beyond 1.8e19 would overflow. A vector
 * of length 0 stays 0, and sends no gradient.
 */
export function direction<T extends tf.Tensor>(x: T, smallest = 0): T {
  if (x.size === 0) return tf.clone(x);
  return tf.tidy(() => {
    const scales = inversePeaks(x);
    const scaled = tf.mul(x, scales); // the largest number of each vector is ±1
    const shortest = tf.square(tf.mul(scales, smallest));
    return tf.mul(scaled, tf.rsqrt(tf.maximum(tf.sum(tf.square(scaled), -1, true), tf.maximum(shortest, SOME))));
  }) as T;
}

/** Below the square of any scaled vector but 0. */
const SOME = 0.5;
/** The smallest number whose inverse float32 holds. */
const SMALLEST_PEAK = 2 ** -126;

/** 1 / max |x| along the last axis, 0 for vectors of 0. A constant to the gradient: the direction doesn't depend on it. */
function inversePeaks(x: tf.Tensor): tf.Tensor {
  return tf.customGrad((x) => {
    const peaks = tf.max(tf.abs(x as tf.Tensor), -1, true);
    const isSome = tf.greaterEqual(peaks, SMALLEST_PEAK);
    const inverse = tf.where(isSome, tf.div(1, tf.maximum(peaks, SMALLEST_PEAK)), tf.zerosLike(peaks));
    return { value: inverse, gradFunc: () => tf.zerosLike(x as tf.Tensor) };
  })(x);
}
