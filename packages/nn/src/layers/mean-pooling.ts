import * as tf from '@tensorflow/tfjs-core';

/**
 * The mean over the positions that each row has: x [B, T, W] → [B, W]. A product with 1 / length, as a sum over the middle axis
 * transposes on some engines.
 *
 * @param x       finite past a row's end, too
 * @param lengths of the rows, at least 1 each; all positions by default
 */
export function meanPooling(x: tf.Tensor3D, lengths: Int32Array | undefined): tf.Tensor2D {
  if (lengths === undefined) return tf.mean(x, 1);
  const [batch, time, width] = x.shape;
  const shares = new Float32Array(batch * time);
  lengths.forEach((length, b) => shares.fill(1 / length, b * time, b * time + length));
  return tf.reshape(tf.matMul(tf.tensor3d(shares, [batch, 1, time]), x), [batch, width]);
}
