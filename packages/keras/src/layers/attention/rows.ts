import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { asked } from '@heed/attention';

/*
 * Broadcasts as products with ones: the wasm engine tiles what `where` broadcasts number by number, which would take longer than the attention
 * itself, and finds gradients of tiles by slices.
 */

/** A bool for each row as one for each of its columns: [..., 1] → [..., width]. */
const spread = (rows: Tensor, width: number): Tensor =>
  asked(tf.cast(rows, 'float32'), (x) => {
    const product = tf.matMul(tf.reshape(x, [-1, 1]), tf.ones([1, width]));
    return tf.greater(tf.reshape(product, [...rows.shape.slice(0, -1), width]), 0.5);
  });

/** x with zeros in the other rows, whatever x has there, NaN too. x is [..., D], rows bool [..., 1]. */
export const onlyRows = (x: Tensor, rows: Tensor): Tensor =>
  x.size === 0 ? x : tf.where(spread(rows, x.shape.at(-1)!), x, tf.zerosLike(x));

/** Rows [B, T] for each of the heads: [B, H, T]. */
export const forHeads = (rows: Tensor, heads: number): Tensor =>
  tf.matMul(tf.ones([rows.shape[0], heads, 1]), tf.expandDims(tf.cast(rows, 'float32'), 1));

/**
 * The mean over time where the rows are, and 0 elsewhere.
 *
 * @param values [B, H, Tk, D]
 * @param rows   bool [B, Hq, Tq, 1], where adjacent query heads share a head of the values
 * @returns [B, Hq, Tq, D]
 */
export function meanInRows(values: Tensor, rows: Tensor): Tensor4D {
  const [batch, heads, keys, width] = values.shape as [number, number, number, number];
  const [, queryHeads, queries] = rows.shape as [number, number, number, number];
  const mean = tf.matMul(tf.fill([batch * heads, 1, keys], 1 / keys), tf.reshape(values, [batch * heads, keys, width]));
  const where = tf.reshape(tf.cast(rows, 'float32'), [batch * heads, (queryHeads / heads) * queries, 1]);
  return tf.reshape(tf.matMul(where, mean), [batch, queryHeads, queries, width]);
}
