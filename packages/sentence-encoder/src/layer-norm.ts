import * as tf from '@tensorflow/tfjs-core';

// Constant of the original model that is added to the variance.
const EPSILON = 1e-6;

/** Weights of a layer norm: scale and bias, each [E]. */
export interface LayerNorm {
  readonly scale: tf.Tensor1D;
  readonly bias: tf.Tensor1D;
}

/**
 * Layer norm: scale ∘ (x − μ) / √(σ² + ε) + bias, with mean and variance over the E numbers of each position.
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
