import * as tf from '@tensorflow/tfjs-core';

/**
 * x / √(mean x² + ε) along the last axis, times a gain when there is one.
 *
 * @param gain [W] for x […, W]
 * @see Zhang & Sennrich 2019, arXiv:1910.07467, eq. 4
 */
export function rmsNorm<T extends tf.Tensor>(x: T, epsilon: number, gain?: tf.Tensor): T {
  if (x.size === 0) return tf.clone(x);
  const normed = tf.mul(x, tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), epsilon)));
  return (gain === undefined ? normed : tf.mul(normed, gain)) as T;
}
