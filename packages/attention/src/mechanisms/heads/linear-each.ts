import * as tf from '@tensorflow/tfjs-core';
import type { Mask } from '@heed/core';
import { openPairs } from './linear-pairs.js';
import { scan, type LinearCall } from './linear-scan.js';

/**
 * Contexts [N, H, T, Dv] of queries by themselves, each of the state that the positions it may attend to have written: for rules whose
 * positions know of each other, and masks that aren't the same for all queries. T states are made in the place of one.
 */
export function scanEach(call: LinearCall, mask: Mask | undefined): tf.Tensor4D {
  const { query, key, value, logDecay, beta } = call;
  const [rows, heads, queries, width] = query.shape;
  const [keys, valueWidth] = [key.shape[2], value.shape[3]];
  if (rows * queries * keys === 0) return tf.zeros([rows, heads, queries, valueWidth]);
  const all = rows * queries;
  /** Each row once for each of its queries. */
  const repeated = <T extends tf.Tensor>(x: T): T => {
    if (queries === 1) return x;
    const flat = tf.reshape(x, [rows, 1, x.size / rows]);
    return tf.reshape(tf.tile(flat, [1, queries, 1]), [all, ...x.shape.slice(1)]) as T;
  };
  const open = openPairs(call, mask);
  const context = scan(
    {
      ...call,
      query: tf.reshape(tf.transpose(query, [0, 2, 1, 3]), [all, heads, 1, width]),
      key: repeated(key),
      value: repeated(value),
      ...(logDecay && { logDecay: logDecay.rank === 1 ? logDecay : repeated(logDecay) }),
      ...(beta && { beta: repeated(beta) }),
    },
    { present: open && ofQueries(open, rows), last: undefined },
  );
  const byQuery: tf.Tensor4D = tf.reshape(context, [rows, queries, heads, valueWidth]);
  return tf.transpose(byQuery, [0, 2, 1, 3]);
}

/** Who may attend to what, [N or 1, H or 1, T, Tk], as which positions there are for each query: [N·T, H or 1, 1, Tk]. */
function ofQueries(open: tf.Tensor4D, rows: number): tf.Tensor4D {
  const [, heads, queries, keys] = open.shape;
  const whole = tf.broadcastTo(tf.cast(open, 'int32'), [rows, heads, queries, keys]);
  const byQuery: tf.Tensor4D = tf.reshape(tf.transpose(whole, [0, 2, 1, 3]), [rows * queries, heads, 1, keys]);
  return tf.cast<tf.Tensor4D>(byQuery, 'bool');
}

/** What each position is given, [N, H, T, Tk]: contexts of values that tell positions apart. */
export function weightsOfEach(call: LinearCall, mask: Mask | undefined): tf.Tensor4D {
  const [rows, heads, keys] = call.key.shape;
  if (rows * keys === 0) return tf.zeros([rows, heads, call.query.shape[2], keys]);
  const one: tf.Tensor4D = tf.reshape(tf.eye(keys), [1, 1, keys, keys]);
  const apart = tf.tile(one, [rows, heads, 1, 1]);
  return scanEach({ ...call, value: apart }, mask);
}
