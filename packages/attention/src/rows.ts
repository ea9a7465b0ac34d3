import * as tf from '@tensorflow/tfjs-core';

/** Row i of the result is row rows[i] of x. No engine promises to gather nothing. */
export function gatherRows<T extends tf.Tensor>(x: T, rows: tf.Tensor1D): T {
  if (x.size > 0 && rows.size > 0) return tf.gather(x, rows);
  return tf.zeros([rows.size, ...x.shape.slice(1)], x.dtype as 'float32') as T;
}

/** Each row `times` times in a row: [B, …] → [B·times, …]. */
export function repeatRows<T extends tf.Tensor>(x: T, times: number): T {
  if (times === 1) return x;
  const [rows, ...rest] = x.shape as [number, ...number[]];
  const shape = [rows * times, ...rest];
  if (x.size === 0) return tf.zeros(shape, x.dtype as 'float32') as T;
  return tf.reshape(tf.tile(tf.reshape(x, [rows, 1, x.size / rows]), [1, times, 1]), shape) as T;
}
