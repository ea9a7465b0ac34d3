import * as tf from '@tensorflow/tfjs-core';
import { both, materialize, type Mask } from '@heed/core';

/** Scores or weights with 0 where they are masked, NaN included, for mechanisms that mix them before core masks them. */
export function zeroMasked<T extends tf.Tensor>(x: T, masks: readonly Mask[]): T {
  if (masks.length === 0 || x.size === 0) return x;
  const [batch, heads, queries, keys] = x.shape as [number, number, number, number];
  const allowed = materialize(both(...masks), { batch, heads, queries, keys });
  return tf.where(tf.broadcastTo(allowed, x.shape), x, tf.zerosLike(x)) as T;
}
