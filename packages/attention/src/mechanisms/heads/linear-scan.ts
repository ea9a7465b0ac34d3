import * as tf from '@tensorflow/tfjs-core';
import { linearAttention, type LinearAttentionOptions } from '@heed/core';
import { onlyPresent, type Sight } from './sight.js';

/** What heads ask of core's `linearAttention`: no time of it grows with T·Tk. */
export interface LinearCall {
  /** [N, H, T, D] */
  readonly query: tf.Tensor4D;
  /** [N, H, Tk, D] */
  readonly key: tf.Tensor4D;
  /** [N, H, Tk, Dv] */
  readonly value: tf.Tensor4D;
  /** Logarithm of what a position leaves of the state before it: [H], at every position, or [N, H, Tk], where one takes part. */
  readonly logDecay?: tf.Tensor;
  /** How far a position replaces what the state has for its key: [N, H, Tk]. */
  readonly beta?: tf.Tensor3D;
  /** Whether contexts are divided by the sum of what positions are given. */
  readonly normalize: boolean;
}

/** Contexts [N, H, T, Dv] of queries that see what they see in order. What takes no part writes nothing. */
export function scan(call: LinearCall, sight: Sight): tf.Tensor4D {
  const { query, key, value, ...options } = scanCall(call, sight);
  const { context } = linearAttention(query, key, value, options);
  // Queries stand after the steps before them.
  const before = query.shape[2] - call.query.shape[2];
  return before === 0 ? context : tf.slice(context, [0, 0, before, 0], [-1, -1, call.query.shape[2], -1]);
}

/** The call of core's op for it, whose queries are the last ones. */
export function scanCall(call: LinearCall, { present, last }: Sight): OpCall {
  const { normalize } = call;
  const { query, key, value, logDecay, beta } = onlyWhatIs(call, present);
  const keys = key.shape[2];
  const isOrdered = logDecay !== undefined || beta !== undefined;
  if (!isOrdered && (last === undefined || last >= keys - 1)) return { query, key, value, causal: false, normalize };
  const begin = last ?? keys - 1;
  const steps = begin + query.shape[2];
  return {
    query: fitted(query, begin, steps),
    key: fitted(key, 0, steps),
    value: fitted(value, 0, steps),
    normalize,
    ...(logDecay && { logDecay: logDecay.rank === 1 ? logDecay : fitted(logDecay, 0, steps) }),
    ...(beta && { beta: fitted(beta, 0, steps) }),
  };
}

type OpCall = Pick<LinearAttentionOptions<false, boolean>, 'causal' | 'normalize' | 'logDecay' | 'beta'> &
  Readonly<Record<'query' | 'key' | 'value', tf.Tensor4D>>;

function onlyWhatIs(call: LinearCall, present: Sight['present']): LinearCall {
  const { key, value, logDecay, beta } = call;
  return {
    ...call,
    key: onlyPresent(key, present),
    value: onlyPresent(value, present),
    ...(logDecay && { logDecay: logDecay.rank === 1 ? logDecay : onlyPresent(logDecay, present) }),
    ...(beta && { beta: onlyPresent(beta, present) }),
  };
}

/** Steps of an axis of time, the third, from step `begin` of `steps`: zeros stand before and after, and what goes beyond is left out. */
function fitted<T extends tf.Tensor>(x: T, begin: number, steps: number): T {
  const time = Math.min(x.shape[2]!, steps - begin);
  const kept = time === x.shape[2] ? x : tf.slice(x as tf.Tensor, [0, 0, 0], [x.shape[0]!, x.shape[1]!, time]);
  if (time === steps) return kept as T;
  const around = x.shape.map((_, axis): [number, number] => (axis === 2 ? [begin, steps - begin - time] : [0, 0]));
  return tf.pad(kept as tf.Tensor, around) as T;
}
