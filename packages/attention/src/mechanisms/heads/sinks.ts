import * as tf from '@tensorflow/tfjs-core';
import type { Finished } from '../../comparison.js';
import { constantOf } from '../../constant.js';

/**
 * What a softmax finds with one more logit in each head, which has weight but no value. With the log Σ exp of the keys, ℓ, and the sink's
 * logit, z, all weights are multiplied by exp(ℓ)/(exp(ℓ) + exp(z)) = σ(ℓ − z): so the op stays the fused one, and rows without keys
 * (ℓ = −∞) stay 0.
 *
 * @param sinks [H]
 */
export function withSinks({ context, weights, logSumExp }: Finished, sinks: tf.Tensor): Finished {
  const logits = tf.reshape(sinks, [1, sinks.size, 1]); // [1, H, 1]
  const isEmpty = constantOf(logSumExp, (sums) => tf.less(sums, LOWEST)); // [N, H, T]
  const ofKeys = tf.where(isEmpty, tf.zerosLike(logSumExp), logSumExp);
  const share = tf.where(isEmpty, tf.zerosLike(logSumExp), tf.sigmoid(tf.sub(ofKeys, logits)));
  const factor = tf.expandDims(share, -1); // [N, H, T, 1]
  const all = tf.broadcastTo(logits, logSumExp.shape);
  return {
    context: tf.mul(context, factor),
    ...(weights && { weights: tf.mul(weights, factor) }),
    logSumExp: tf.where(isEmpty, all, tf.add(ofKeys, tf.softplus(tf.sub(all, ofKeys)))),
  };
}

/** What is less is −∞. */
const LOWEST = -3.4e38;

/** What of each row's weight is the sink's, [N, H, T]. */
export const sinkWeights = (weights: tf.Tensor): tf.Tensor => tf.sub(1, tf.sum(weights, -1));
