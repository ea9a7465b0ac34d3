import * as tf from '@tensorflow/tfjs-core';
import { materialize, type Mask } from '@heed/core';
import { overSum } from '../../weigh.js';
import type { LinearCall } from './linear-scan.js';
import { onlyPresent } from './sight.js';

/** A call whose positions know nothing of each other: what one is given depends on it and the query alone. */
export interface PairsCall extends Omit<LinearCall, 'beta'> {
  /** [H] */
  readonly logDecay?: tf.Tensor1D;
  /** Which position query 0 of each row sits on, where there is a decay. */
  readonly offsets?: Int32Array;
}

/** Who may attend to what, [N or 1, H or 1, T, Tk], by a mask; undefined for all. */
export function openPairs({ query, key }: LinearCall, mask: Mask | undefined): tf.Tensor4D | undefined {
  const [batch, heads, queries] = query.shape;
  return mask && materialize(mask, { batch, heads, queries, keys: key.shape[2] });
}

/**
 * What each position is given: q_i·k_j, over its sum where contexts are normalised, and else q_i·k_j/√D times the decay between the two.
 *
 * @returns [N, H, T, Tk], 0 where masked
 */
export function pairWeights(call: PairsCall, mask: Mask | undefined): tf.Tensor4D {
  const { query, key } = call;
  if (query.size * key.size === 0) return pairProducts(call);
  const open = openPairs(call, mask);
  // A masked key may hold NaN, which a product with a gradient of 0 would bring back.
  const seen = open && (tf.any(open, 2, true) as tf.Tensor4D);
  const products = pairProducts({ ...call, key: onlyPresent(key, seen) });
  const kept = open ? tf.where(tf.broadcastTo(open, products.shape), products, tf.zerosLike(products)) : products;
  return call.normalize ? overSum(kept) : kept;
}

/** The same before masks and sums. */
export function pairProducts({ query, key, normalize, logDecay, offsets }: PairsCall): tf.Tensor4D {
  const [rows, heads, queries, width] = query.shape;
  const keys = key.shape[2];
  // No kernel of TensorFlow.js promises to take empty operands.
  if (rows * queries * keys === 0) return tf.zeros([rows, heads, queries, keys]);
  const products = tf.matMul(query, key, false, true); // [N, H, T, Tk]
  const scaled = normalize ? products : tf.mul(products, 1 / Math.sqrt(width));
  if (logDecay === undefined) return scaled as tf.Tensor4D;
  const between = distances(offsets!, queries, keys);
  return tf.mul(scaled, tf.exp(tf.mul(tf.reshape(logDecay, [1, -1, 1, 1]), between)));
}

/** How many steps there are from a position to the query after it, 0 for positions after the query: [N, 1, T, Tk]. */
function distances(offsets: Int32Array, queries: number, keys: number): tf.Tensor4D {
  const offset = tf.tensor(Float32Array.from(offsets), [offsets.length, 1, 1, 1]);
  const from = tf.add(offset, tf.reshape(tf.range(0, queries), [1, 1, queries, 1]));
  return tf.relu(tf.sub(from, tf.reshape(tf.range(0, keys), [1, 1, 1, keys])));
}
