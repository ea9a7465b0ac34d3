import * as tf from '@tensorflow/tfjs-core';

/** Weights of a dense layer: kernel [I, O] and bias [O]. */
export interface Dense {
  readonly kernel: tf.Tensor2D;
  readonly bias: tf.Tensor1D;
}

/** Dense layer: activation(x·W + b) for x [B, T, I], as one matrix product, which is the fast path of every engine. */
export function dense(x: tf.Tensor3D, { kernel, bias }: Dense, activation: 'linear' | 'relu' = 'linear'): tf.Tensor3D {
  const [batch, time, width] = x.shape;
  const rows = tf.reshape<tf.Rank.R2>(x, [batch * time, width]);
  const y = tf.fused.matMul({ a: rows, b: kernel, transposeA: false, transposeB: false, bias, activation });
  return tf.reshape(y, [batch, time, kernel.shape[1]]);
}
