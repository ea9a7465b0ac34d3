import * as tf from '@tensorflow/tfjs-core';
import { dotProductAttention } from '@heed/core';
import type { ScoreCall } from '../define.js';
import { toOneHead } from '../linear.js';
import type { Attended } from '../mechanism.js';
import type { Projection } from '../prepared-memory.js';

/** Dot-product attention of one head: query [B, T, D], keys [B, 1, Tk, D], values [B, 1, Tk, M] → context [B, T, M]. */
export function attendOneHead(
  query: tf.Tensor3D,
  { keys, values }: Projection,
  { options, bias }: ScoreCall,
  scores: { readonly scale: number; readonly softCap?: number },
): Attended<tf.Tensor3D> {
  const { context, weights, logSumExp } = dotProductAttention(toOneHead(query), keys, values, {
    ...options,
    ...scores,
    bias,
  });
  return {
    context: tf.squeeze(context, [1]),
    weights: weights && tf.squeeze(weights, [1]),
    logSumExp: logSumExp && tf.squeeze(logSumExp, [1]),
  };
}
