import * as tf from '@tensorflow/tfjs-core';

/** Positions of sequences as rows, which layers take: [B, T, W] → [B·T, W]. */
export const toRows = (x: tf.Tensor3D): tf.Tensor2D => tf.reshape(x, [x.shape[0] * x.shape[1], x.shape[2]]);

/** Rows as positions of B sequences, which attention takes: [B·T, W] → [B, T, W]. */
export const toSequences = (x: tf.Tensor2D, batch: number): tf.Tensor3D =>
  tf.reshape(x, [batch, x.shape[0] / batch, x.shape[1]]);
