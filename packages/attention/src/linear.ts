import * as tf from '@tensorflow/tfjs-core';

/**
 * x·W + b for x [B, T, I], W [I, O] and b [O], as one product of matrices: on every engine that is the fast path, while
 * rank 3 by rank 2 makes TensorFlow.js copy the kernel for each batch row.
 */
export function linear(x: tf.Tensor3D, kernel: tf.Tensor, bias?: tf.Tensor): tf.Tensor3D {
  const [batch, time, width] = x.shape;
  const outputs = kernel.shape[1]!;
  // No kernel of TensorFlow.js promises to take empty operands.
  if (batch * time === 0) return tf.zeros([batch, time, outputs]);
  const product = tf.matMul(tf.reshape(x, [batch * time, width]), kernel as tf.Tensor2D); // [B·T, O]
  return tf.reshape(bias === undefined ? product : tf.add(product, bias), [batch, time, outputs]);
}

/** [B, T, H·W] → [B, H, T, W] */
export function splitHeads(x: tf.Tensor3D, heads: number): tf.Tensor4D {
  const [batch, time, width] = x.shape;
  if (x.size === 0) return tf.zeros([batch, heads, time, width / heads]); // some engines stop at transposing nothing
  // In a step of decoding the numbers already lie so.
  if (time === 1 || heads === 1) return tf.reshape(x, [batch, heads, time, width / heads]);
  return tf.transpose(tf.reshape(x, [batch, time, heads, width / heads]), [0, 2, 1, 3]);
}

/** [B, H, T, W] → [B, T, H·W] */
export function mergeHeads(x: tf.Tensor4D): tf.Tensor3D {
  const [batch, heads, time, width] = x.shape;
  if (x.size === 0) return tf.zeros([batch, time, heads * width]);
  if (time === 1 || heads === 1) return tf.reshape(x, [batch, time, heads * width]);
  return tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [batch, time, heads * width]);
}

/** Key heads spread over the query heads that share them, adjacent ones together: [N, Hk, Tk, D] → [N, Hq, Tk, D]. */
export function repeatHeads(x: tf.Tensor, heads: number): tf.Tensor {
  const [rows, keyHeads, time, width] = x.shape as [number, number, number, number];
  if (keyHeads === heads) return x;
  const repeated = tf.tile(tf.reshape(x, [rows, keyHeads, 1, time * width]), [1, 1, heads / keyHeads, 1]);
  return tf.reshape(repeated, [rows, heads, time, width]);
}
