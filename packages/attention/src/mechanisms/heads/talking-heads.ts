import * as tf from '@tensorflow/tfjs-core';

/** Settings of talking heads. */
export interface TalkingHeads {
  /** Heads of the softmax; as many as query heads by default. */
  readonly softmaxHeads?: number | undefined;
  /** Heads of values and contexts; as many as query heads by default. */
  readonly valueHeads?: number | undefined;
}

/**
 * Sums of heads: out[f] = Σ_g x[g]·kernel[g, f].
 *
 * @param x [N, G, T, Tk]
 * @param kernel [G, F]
 * @returns [N, F, T, Tk]
 */
export function mixHeads(x: tf.Tensor, kernel: tf.Tensor): tf.Tensor4D {
  const [rows, from, queries, keys] = x.shape as [number, number, number, number];
  const to = kernel.shape[1]!;
  if (x.size === 0) return tf.zeros([rows, to, queries, keys]);
  const flat = tf.reshape(x, [rows, from, queries * keys]);
  const mixed = tf.matMul(tf.tile(tf.expandDims(kernel, 0), [rows, 1, 1]), flat, true, false); // [N, F, T·Tk]
  return tf.reshape(mixed, [rows, to, queries, keys]);
}
