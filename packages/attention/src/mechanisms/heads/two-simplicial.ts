import * as tf from '@tensorflow/tfjs-core';
import {
  both,
  dense,
  dotProductAttention,
  explain,
  materialize,
  weightedContext,
  type Explanation,
  type Mask,
} from '@heed/core';
import type { CallOptions, Seen } from '../../comparison.js';
import { logSumExp } from '../../scores.js';

/** What two-simplicial attention compares and averages; Tk positions may stand first and second in a pair. */
export interface Simplex {
  /** [N, H, T, D] */
  readonly query: tf.Tensor4D;
  /** [N, H, Tk, D] each */
  readonly keys: readonly [tf.Tensor4D, tf.Tensor4D];
  /** [N, H, Tk, Dv] each */
  readonly values: readonly [tf.Tensor4D, tf.Tensor4D];
  /** Masks of the first and of the second position of a pair, beside those of both. */
  readonly masks: readonly [readonly Mask[], readonly Mask[]];
}

export interface SeenPairs extends Seen {
  /** Which pairs a query attends to, [N, H, T, Tk, Tk]. */
  readonly pairs: tf.Tensor;
}

/**
 * softmax over pairs (j, l) of Σ_d q_i·k_j·k'_l/√D, and the mean of v_j∘v'_l under it, by two softmaxes one in the other:
 * query i and position j together attend to all l, by the fused op with queries q_i∘k_j, and query i attends to all j with the log Σ exp
 * that they found as scores. So masks are ordinary ones, and T·Tk·(D + Dv) numbers are held, never T·Tk·Tk.
 *
 * @returns weights [N, H, T, Tk] of the first position, the sum over the second ones
 */
export function attendToPairs(simplex: Simplex, options: CallOptions): Seen {
  const inner = secondPositions(simplex, options.mask, false);
  return firstPositions(simplex, inner, options);
}

/** The same with the weights of all pairs, which are T·Tk·Tk numbers: to look at. */
export function attendToAllPairs(simplex: Simplex, options: CallOptions): SeenPairs {
  const [rows, heads, queries] = simplex.query.shape;
  const keys = simplex.keys[0].shape[2];
  const inner = secondPositions(simplex, options.mask, true);
  const seen = firstPositions(simplex, inner, { ...options, returnWeights: true });
  const second = tf.transpose(tf.reshape(inner.weights!, [rows * heads, keys, queries, keys]), [0, 2, 1, 3]);
  const first = tf.reshape(seen.weights!, [rows * heads, queries, keys, 1]);
  return { ...seen, pairs: tf.reshape(tf.mul(first, second), [rows, heads, queries, keys, keys]) };
}

/** log Σ exp over the second position of each pair's score, [N, H, T, Tk]: what weights of the first positions are the softmax of. */
export const pairScores = (simplex: Simplex, { mask }: CallOptions): tf.Tensor4D =>
  secondPositions(simplex, mask, false).scores;

export const explainPairs = (simplex: Simplex, { mask }: CallOptions): Explanation =>
  explain({ op: 'dotProductAttention', ...innerCall(simplex, mask), returnLogSumExp: true });

interface Inner {
  /** [N, H, T, Tk] */
  readonly scores: tf.Tensor4D;
  /** v_j∘Σ_l w_ijl·v'_l, [N·H, T, Tk, Dv] */
  readonly values: tf.Tensor4D;
  /** [N, H·Tk, T, Tk] when asked for. */
  readonly weights?: tf.Tensor4D;
}

function secondPositions(simplex: Simplex, mask: Mask | undefined, returnWeights: boolean): Inner {
  const [rows, heads, queries] = simplex.query.shape;
  const [first] = simplex.values;
  const [, , keys, valueWidth] = first.shape;
  const { query, key, value, ...call } = innerCall(simplex, mask);
  const {
    context,
    logSumExp: sums,
    weights,
  } = dotProductAttention(query, key, value, {
    ...call,
    returnLogSumExp: true,
    returnWeights,
  });
  const scores = tf.transpose(tf.reshape(sums, [rows * heads, keys, queries]), [0, 2, 1]);
  const found = tf.reshape<tf.Rank.R4>(context, [rows * heads, keys, queries, valueWidth]);
  const values = tf.mul(found, tf.reshape(first, [rows * heads, keys, 1, valueWidth]));
  return {
    scores: tf.reshape(scores, [rows, heads, queries, keys]),
    values: tf.transpose(values, [0, 2, 1, 3]) as tf.Tensor4D,
    ...(returnWeights && { weights }),
  };
}

/** Query i beside position j, in a head of its own for each j: these share the keys k' and values v' as grouped heads do. */
function innerCall(
  { query, keys: [first, second], values, masks }: Simplex,
  mask: Mask | undefined,
): { query: tf.Tensor4D; key: tf.Tensor4D; value: tf.Tensor4D; scale: number; mask: Mask | undefined } {
  const [rows, heads, queries, width] = query.shape;
  const keys = first.shape[2];
  const both = tf.mul(
    tf.reshape(query, [rows * heads, 1, queries, width]),
    tf.reshape(first, [rows * heads, keys, 1, width]),
  );
  const shared = mask && perHead(mask, { batch: rows, heads, queries, keys });
  return {
    query: tf.reshape(both, [rows, heads * keys, queries, width]),
    key: second,
    value: values[1],
    scale: 1 / Math.sqrt(width),
    mask: joined([...(shared ? [shared] : []), ...masks[1]]),
  };

  /** A mask that says something of each head says it of the head's queries beside any position. */
  function perHead(given: Mask, shape: { batch: number; heads: number; queries: number; keys: number }): Mask {
    if (!hasHeads(given)) return given;
    const allowed = materialize(given, shape);
    const [b, h, t, k] = allowed.shape;
    if (h === 1) return dense(allowed);
    const tiled = tf.tile(tf.reshape(tf.cast(allowed, 'int32'), [b, h, 1, t * k]), [1, 1, keys, 1]);
    return dense(tf.cast(tf.reshape(tiled, [b, h * keys, t, k]), 'bool'));
  }
}

const hasHeads = (mask: Mask): boolean =>
  mask.kind === 'both'
    ? mask.masks.some(hasHeads)
    : mask.kind === 'dense' && mask.tensor.rank > 2 && mask.axes === undefined;

function firstPositions({ query, masks }: Simplex, inner: Inner, options: CallOptions): Seen {
  const [rows, heads, queries] = query.shape;
  const { scores, values } = inner;
  const [, , , keys] = scores.shape;
  const mask = joined([...(options.mask ? [options.mask] : []), ...masks[0]]);
  const { dropout, returnWeights, returnLogSumExp } = options;
  const open =
    mask && tf.broadcastTo(tf.cast(materialize(mask, { batch: rows, heads, queries, keys }), 'int32'), scores.shape);
  // A query has values of its own, so each is a head here.
  const apart = [rows, heads * queries, 1, keys];
  const { context, weights } = weightedContext(
    tf.reshape(scores, apart),
    tf.reshape(values, [rows, heads * queries, keys, values.shape[3]]),
    { mask: open && dense(tf.cast(tf.reshape(open, apart), 'bool')), dropout, returnWeights },
  );
  return {
    context: tf.reshape(context, [rows, heads, queries, values.shape[3]]),
    ...(weights && { weights: tf.reshape(weights, scores.shape) }),
    ...(returnLogSumExp && { logSumExp: logSumExp(scores, mask) }),
  };
}

const joined = (masks: readonly Mask[]): Mask | undefined => (masks.length > 1 ? both(...masks) : masks[0]);
