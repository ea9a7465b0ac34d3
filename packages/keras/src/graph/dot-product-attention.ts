import { both, causal, dense, dotProductAttention, type Mask } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { emptyRows } from '../layers/attention/empty-rows.js';
import { meanInRows } from '../layers/attention/rows.js';
import { floats, logical, tensor, type Given } from './operation-arguments.js';

/**
 * `keras.ops.dot_product_attention`: query [B, T, Hq, D], key and value [B, S, Hk, D]; bias and mask broadcast to [B, Hq, T, S]. Causal counts both
 * from their starts, and a query that may attend to no key gets the mean of all values, as in Keras's layers.
 *
 * @returns [B, T, Hq, D]
 */
export function dotProductAttentionOf(given: Given): Tensor {
  const [query, key, value] = ['query', 'key', 'value'].map((name) => byHeads(floats(tensor(given[name]))));
  const { bias, mask, scale, isCausal } = given;
  const masks: Mask[] = [
    ...(isGiven(mask) ? [dense(logical(mask))] : []),
    ...(isCausal === true ? [causal({ align: 'top-left' })] : []),
  ];
  const mayEmpty = isGiven(mask);
  const { context, logSumExp } = dotProductAttention(query!, key!, value!, {
    ...(isGiven(bias) && { bias: dense(floats(tensor(bias))) }),
    ...(isGiven(scale) && { scale: Number(scale) }),
    ...(masks.length > 0 && { mask: both(...masks) }),
    returnLogSumExp: mayEmpty,
  });
  // Rows without a key are zeros already.
  return byHeads(mayEmpty ? tf.add(context, meanInRows(value!, emptyRows(logSumExp!))) : context);
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

/** [B, T, H, D] as [B, H, T, D], and back. */
const byHeads = (x: Tensor): Tensor => tf.transpose(x, [0, 2, 1, 3]);
