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
import { openIn } from './window-masks.js';
import { hasPositions, outOfWindows, windowsOf, type Windows } from './windows.js';

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
  /** Where the masks of the first and of the second let queries look, where these are windows that begin alike in all rows. */
  readonly windows?: readonly [Windows, Windows] | undefined;
}

export interface SeenPairs extends Seen {
  /** Which pairs a query attends to, [N, H, T, Tk, Tk]. */
  readonly pairs: tf.Tensor;
}

/**
 * softmax over pairs (j, l) of Σ_d q_i·k_j·k'_l/√D, and the mean of v_j∘v'_l under it, by two softmaxes one in the other:
 * query i and position j together attend to all l, by the fused op with queries q_i∘k_j, and query i attends to all j with the log Σ exp
 * that they found as scores. So masks are ordinary ones, and T·F·(D + Dv) numbers are held, never T·Tk·Tk: F first positions are all of
 * Tk, or those of a window, the
 * narrower one where nobody asks which is first.
 *
 * @returns weights [N, H, T, Tk] of the first position, the sum over the second ones
 */
export function attendToPairs(given: Simplex, options: CallOptions): Seen {
  const simplex = options.returnWeights ? given : narrowerFirst(given);
  const firsts = firstsOf(simplex, options);
  const inner = secondPositions(simplex, firsts, options.mask, false);
  return firstPositions(simplex, firsts, inner, options);
}

/** The same with the weights of all pairs, which are T·Tk·Tk numbers: to look at. */
export function attendToAllPairs(simplex: Simplex, options: CallOptions): SeenPairs {
  const [rows, heads, queries] = simplex.query.shape;
  const keys = simplex.keys[0].shape[2];
  const firsts = allPositions(simplex);
  const inner = secondPositions(simplex, firsts, options.mask, true);
  const seen = firstPositions(simplex, firsts, inner, { ...options, returnWeights: true });
  const second = tf.transpose(tf.reshape(inner.weights!, [rows * heads, keys, queries, keys]), [0, 2, 1, 3]);
  const first = tf.reshape(seen.weights!, [rows * heads, queries, keys, 1]);
  return { ...seen, pairs: tf.reshape(tf.mul(first, second), [rows, heads, queries, keys, keys]) };
}

/** log Σ exp over the second position of each pair's score, [N, H, T, Tk]: what weights of the first positions are the softmax of. */
export const pairScores = (simplex: Simplex, { mask }: CallOptions): tf.Tensor4D =>
  secondPositions(simplex, allPositions(simplex), mask, false).scores;

export const explainPairs = (simplex: Simplex, options: CallOptions): Explanation =>
  explain({
    op: 'dotProductAttention',
    ...innerCall(simplex, firstsOf(simplex, options), options.mask),
    returnLogSumExp: true,
  });

/** The positions that may stand first, F for each query. */
interface Firsts {
  /** F */
  readonly count: number;
  /** [N·H, F, T, D]; 1 for T where all queries have the same. */
  readonly keys: tf.Tensor4D;
  /** [N·H, F, T, Dv], likewise */
  readonly values: tf.Tensor4D;
  /** Who may take part by masks of the caller's and those that made the window: int32 [1 or N, 1 or H, 1 or T, F]; undefined for all. */
  open(
    masks: { readonly given: Mask | undefined; readonly own: readonly Mask[] },
    shape: ScoreShape,
  ): tf.Tensor | undefined;
  /** A table of weights [R, T, F] as one [R, T, Tk]. */
  outOf(table: tf.Tensor3D): tf.Tensor3D;
}

/** The axes of scores. */
type ScoreShape = Parameters<typeof materialize>[1];

function allPositions({ keys: [key], values: [value] }: Simplex): Firsts {
  const [keys, values] = [key, value].map((x) => tf.expandDims(byHead(x), 2) as tf.Tensor4D) as [
    tf.Tensor4D,
    tf.Tensor4D,
  ];
  return {
    count: key.shape[2],
    keys,
    values,
    open({ given, own }, shape) {
      const mask = joined([...(given ? [given] : []), ...own]);
      return mask && tf.cast(materialize(mask, shape), 'int32');
    },
    outOf: (table) => table,
  };
}

/** The positions of a window, where there is one that leaves some out. Dropout counts all positions, whatever takes part. */
function firstsOf(simplex: Simplex, { dropout }: CallOptions): Firsts {
  const {
    query,
    keys: [key],
    values: [value],
    windows,
  } = simplex;
  const [positions, size] = [key.shape[2], query.size * key.size * value.size];
  if (windows === undefined || size === 0 || dropout !== undefined) return allPositions(simplex);
  const [window] = windows;
  if (window.width >= positions || !hasPositions(window, positions)) return allPositions(simplex);
  return {
    count: window.width,
    keys: windowsOf(byHead(key), window),
    values: windowsOf(byHead(value), window),
    open: ({ given }, shape) => openIn(window, given, shape),
    outOf: (table) => outOfWindows(table, window, positions),
  };
}

/** Both positions of a pair are alike but for the name: the same pairs with the narrower window first. */
function narrowerFirst({ query, keys, values, masks, windows }: Simplex): Simplex {
  if (windows === undefined || windows[0].width <= windows[1].width) return { query, keys, values, masks, windows };
  return {
    query,
    keys: [keys[1], keys[0]],
    values: [values[1], values[0]],
    masks: [masks[1], masks[0]],
    windows: [windows[1], windows[0]],
  };
}

/** [N, H, Tk, D] → [N·H, Tk, D] */
function byHead(x: tf.Tensor4D): tf.Tensor3D {
  const [rows, heads, positions, width] = x.shape;
  return tf.reshape(x, [rows * heads, positions, width]);
}

interface Inner {
  /** [N, H, T, F] */
  readonly scores: tf.Tensor4D;
  /** v_j∘Σ_l w_ijl·v'_l, [N·H, T, F, Dv] */
  readonly values: tf.Tensor4D;
  /** [N, H·F, T, Tk] when asked for. */
  readonly weights?: tf.Tensor4D;
}

function secondPositions(simplex: Simplex, firsts: Firsts, mask: Mask | undefined, returnWeights: boolean): Inner {
  const [rows, heads, queries] = simplex.query.shape;
  const { count, values: first } = firsts;
  const { query, key, value, ...call } = innerCall(simplex, firsts, mask);
  const {
    context,
    logSumExp: sums,
    weights,
  } = dotProductAttention(query, key, value, {
    ...call,
    returnLogSumExp: true,
    returnWeights,
  });
  const scores = tf.transpose(tf.reshape(sums, [rows * heads, count, queries]), [0, 2, 1]);
  const found = tf.reshape<tf.Rank.R4>(context, [rows * heads, count, queries, first.shape[3]]);
  return {
    scores: tf.reshape(scores, [rows, heads, queries, count]),
    values: tf.transpose(tf.mul(found, first), [0, 2, 1, 3]) as tf.Tensor4D,
    ...(returnWeights && { weights }),
  };
}

/** Query i beside position j, in a head of its own for each j: these share the keys k' and values v' as grouped heads do. */
function innerCall(
  { query, keys: [, second], values, masks }: Simplex,
  firsts: Firsts,
  mask: Mask | undefined,
): { query: tf.Tensor4D; key: tf.Tensor4D; value: tf.Tensor4D; scale: number; mask: Mask | undefined } {
  const [rows, heads, queries, width] = query.shape;
  const { count } = firsts;
  const both = tf.mul(tf.reshape(query, [rows * heads, 1, queries, width]), firsts.keys);
  const shared = mask && perHead(mask, { batch: rows, heads, queries, keys: second.shape[2] });
  return {
    query: tf.reshape(both, [rows, heads * count, queries, width]),
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
    const tiled = tf.tile(tf.reshape(tf.cast(allowed, 'int32'), [b, h, 1, t * k]), [1, 1, count, 1]);
    return dense(tf.cast(tf.reshape(tiled, [b, h * count, t, k]), 'bool'));
  }
}

const hasHeads = (mask: Mask): boolean =>
  mask.kind === 'both'
    ? mask.masks.some(hasHeads)
    : mask.kind === 'dense' && mask.tensor.rank > 2 && mask.axes === undefined;

function firstPositions(
  { query, keys: [key], masks }: Simplex,
  firsts: Firsts,
  inner: Inner,
  options: CallOptions,
): Seen {
  const [rows, heads, queries] = query.shape;
  const positions = key.shape[2];
  const { count } = firsts;
  const { scores, values } = inner;
  const { dropout, returnWeights, returnLogSumExp } = options;
  const open = firsts.open({ given: options.mask, own: masks[0] }, { batch: rows, heads, queries, keys: positions });
  // A query has values of its own, so each is a head here.
  const apart = [rows, heads * queries, 1, count];
  const { context, weights } = weightedContext(
    tf.reshape(scores, apart),
    tf.reshape(values, [rows, heads * queries, count, values.shape[3]]),
    {
      mask: open && dense(tf.cast(tf.reshape(tf.broadcastTo(open, scores.shape), apart), 'bool')),
      dropout,
      returnWeights,
    },
  );
  return {
    context: tf.reshape(context, [rows, heads, queries, values.shape[3]]),
    ...(weights && {
      weights: tf.reshape(firsts.outOf(tf.reshape(weights, [rows * heads, queries, count])), [
        rows,
        heads,
        queries,
        positions,
      ]),
    }),
    ...(returnLogSumExp && { logSumExp: logSumExp(scores, open && dense(tf.cast(open, 'bool'))) }),
  };
}

const joined = (masks: readonly Mask[]): Mask | undefined => (masks.length > 1 ? both(...masks) : masks[0]);
