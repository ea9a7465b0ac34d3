import * as tf from '@tensorflow/tfjs-core';

// The original's; it is added to the variance.
const EPSILON = 1e-6;

/** [E] each. */
export interface LayerNorm {
  readonly scale: tf.Tensor1D;
  readonly bias: tf.Tensor1D;
}

/**
 * scale ∘ (x − μ) / √(σ² + ε) + bias, with mean and variance over each position's own E numbers.
 *
 * @param x [B, T, E]
 * @see Ba, Kiros & Hinton 2016, arXiv:1607.06450
 */
export function layerNorm(x: tf.Tensor3D, { scale, bias }: LayerNorm): tf.Tensor3D {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true); // [B, T, 1]
  const factor = tf.mul(tf.rsqrt(tf.add(variance, EPSILON)), scale); // [B, T, E]
  return tf.add(tf.mul(centred, factor), bias);
}
