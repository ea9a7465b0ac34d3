import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/base';
import { both, causal, dense, slidingWindow, type Mask } from '@heed/core';
import { causalMask, toBool, windowMask } from './bools.js';
import { broadcasts } from './broadcasts.js';

/** What an attention layer with heads masks. Times are those of axis 1 of query and value, as in Keras, whatever axes are attended over. */
export interface HeadMasks {
  readonly queryMask?: Tensor;
  readonly valueMask?: Tensor;
  readonly keyMask?: Tensor;
  readonly attentionMask?: Tensor;
  readonly isCausal: boolean;
  readonly window: number | undefined;
  readonly queries: number;
  readonly keys: number;
}

/** Scores as Keras has them. */
export interface Scores {
  /** [B, others..., H, Tq..., Tk...] */
  readonly shape: readonly number[];
  /** Number of axes that are attended over: of Tq, and of Tk. */
  readonly attended: number;
}

/** A mask for the op, and the queries [B, Tq] that may attend to anything at all. */
export interface OpMask {
  readonly mask: Mask | undefined;
  readonly rows: Tensor | undefined;
  /** Whether there can be a query without a key. */
  readonly mayEmpty: boolean;
}

/**
 * The mask of scores [B, H, Tq, Tk] as a value whose parts the kernels know. Keras builds a tensor and aligns it from the right, where an
 * attention mask with heads meets others without; then the tensor is built here too.
 */
export function opMask(masks: HeadMasks, scores: Scores): OpMask {
  const { queryMask, valueMask, keyMask, attentionMask, isCausal, window, queries, keys } = masks;
  const alone =
    queryMask === undefined && valueMask === undefined && keyMask === undefined && !isCausal && window === undefined;
  if (scores.shape.length !== 4 || (attentionMask !== undefined && attentionMask.rank > 3 && !alone)) {
    const mask = denseMask(masks, scores);
    return { mask: mask && dense(mask), rows: undefined, mayEmpty: mask !== undefined };
  }
  const align = { align: 'top-left' } as const;
  const parts: Mask[] = [
    ...(isCausal ? [causal(align)] : []),
    ...(window === undefined ? [] : [slidingWindow({ left: window - 1, right: window - 1, ...align })]),
    ...[valueMask, keyMask].flatMap((mask) => (mask === undefined ? [] : [dense(toBool(mask), { axes: 'bk' })])),
    ...(attentionMask === undefined
      ? []
      : [dense(toBool(attentionMask), { axes: axesOf(attentionMask, scores.shape) })]),
  ];
  const beyond = window !== undefined && queries >= keys + window;
  return {
    mask: parts.length === 0 ? undefined : both(...parts),
    rows: queryMask && toBool(queryMask),
    mayEmpty:
      queryMask !== undefined ||
      valueMask !== undefined ||
      keyMask !== undefined ||
      attentionMask !== undefined ||
      beyond,
  };
}

function axesOf({ rank, shape }: Tensor, scores: readonly number[]): 'qk' | 'bqk' | 'bhqk' {
  if (rank === 2) return 'qk';
  if (rank === 3) return 'bqk';
  if (rank === 4) return 'bhqk';
  throw noFit(shape, scores);
}

/** The mask as Keras builds it, bool [B', H, Tq, Tk]. */
function denseMask(masks: HeadMasks, { shape, attended }: Scores): Tensor | undefined {
  const { queryMask, valueMask, keyMask, attentionMask, isCausal, window, queries, keys } = masks;
  const parts = [
    ...(queryMask === undefined ? [] : [tf.expandDims(toBool(queryMask), -1)]),
    ...[valueMask, keyMask].flatMap((mask) => (mask === undefined ? [] : [tf.expandDims(toBool(mask), -2)])),
    ...(isCausal ? [causalMask(queries, keys)] : []),
    ...(window === undefined ? [] : [windowMask(queries, keys, window)]),
    ...(attentionMask === undefined ? [] : [toBool(attentionMask)]),
  ];
  if (parts.length === 0) return undefined;
  const joined = parts.reduce((a, b) => {
    if (!broadcasts(a.shape, b.shape)) throw noFit(b.shape, a.shape);
    return tf.logicalAnd(a, b);
  });
  // Keras inserts axes from the heads on, counted from the right, until there are as many as of scores.
  const inserted = shape.length - joined.rank;
  const kept = joined.rank - 2 * attended;
  if (kept < 0 || inserted < 0) throw noFit(joined.shape, shape);
  const wide = [...joined.shape.slice(0, kept), ...Array<number>(inserted).fill(1), ...joined.shape.slice(kept)];
  if (!wide.every((length, axis) => length === 1 || length === shape[axis])) throw noFit(joined.shape, shape);
  const heads = shape.length - 2 * attended - 1;
  const sizes = [
    shape.slice(0, heads),
    shape.slice(heads, heads + 1),
    shape.slice(heads + 1, -attended),
    shape.slice(-attended),
  ];
  const full = tf.broadcastTo(tf.reshape(joined, wide), [...shape]);
  return tf.reshape(
    full,
    sizes.map((axes) => axes.reduce((a, b) => a * b, 1)),
  );
}

const noFit = (mask: readonly number[], scores: readonly number[]): HeedError =>
  new HeedError('SHAPE_MISMATCH', {
    message: `a mask of shape [${mask}] doesn't broadcast to [${scores}]`,
    hint: 'axes are aligned from the right, and each must be full or 1',
    details: { mask, scores },
  });
