import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { dotProductAttention, type Dropout } from '@heed/core';
import type { AttentionAxes } from './axes.js';
import { emptyRows } from './empty-rows.js';
import { opMask, type HeadMasks } from './head-masks.js';
import { forHeads, meanInRows, onlyRows } from './rows.js';

/** One attention over projected tensors. */
export interface HeadsCall {
  /** [B, d..., Hq, D] */
  readonly query: Tensor;
  /** [B, d..., Hk, D] */
  readonly key: Tensor;
  /** [B, d..., Hk, Dv] */
  readonly value: Tensor;
  readonly axes: AttentionAxes;
  /** Number of axes that are attended over. */
  readonly attended: number;
  readonly masks: HeadMasks;
  readonly dropout: Dropout | undefined;
  readonly returnScores: boolean;
  /** What a query gets that may attend to no key: the mean of all values, as Keras's fused path gives it, or zeros, as its other path. */
  readonly fillEmpty: 'mean' | 'zeros';
}

/** Attention by heads in the op's kernel: outputs [B, d..., Hq, Dv], and scores in Keras's layout where they are asked for. */
export function attendWithHeads(call: HeadsCall): { readonly context: Tensor; readonly scores: Tensor | undefined } {
  const { query, key, value, axes, attended, masks, dropout, returnScores, fillEmpty } = call;
  const shape = axes.scoreShape(query, key);
  const { mask, rows, mayEmpty } = opMask(masks, { shape, attended });
  const values = axes.flatten(value);
  const fills = fillEmpty === 'mean' && mayEmpty;
  const { context, weights, logSumExp } = dotProductAttention(axes.flatten(query), axes.flatten(key), values, {
    mask,
    dropout,
    returnWeights: returnScores,
    returnLogSumExp: fills,
  });
  const some = rows && tf.reshape(rows, [rows.shape[0], 1, rows.shape[1]!, 1]);
  // Rows without a key are zeros already.
  const means = fills ? meanInRows(values, emptyRows(logSumExp!, some)) : undefined;
  const spread = axes.unflatten(context, query); // [B, d..., Hq, Dv]
  const kept = rows === undefined ? spread : keepQueries(spread, rows);
  const scores = weights && rows ? onlyRows(weights, tf.expandDims(forHeads(rows, weights.shape[1]), -1)) : weights;
  return {
    context: means === undefined ? kept : tf.add(kept, axes.unflatten(means, query)),
    scores: scores && tf.reshape(scores, shape),
  };
}

/** Contexts [B, T, H, D] with zeros for masked queries, bool [B, T]. */
function keepQueries(context: Tensor, queries: Tensor): Tensor {
  const [batch, time] = context.shape as [number, number];
  return tf.reshape(onlyRows(tf.reshape(context, [batch, time, -1]), tf.expandDims(queries, -1)), context.shape);
}
