import * as tf from '@tensorflow/tfjs-core';
import type { Finished } from './comparison.js';
import { asked } from './asked.js';

/** A position besides those of the memory: no mask, bias, hook or dropout reaches it. */
export interface OwnPosition {
  /** What it scores, shaped as the log Σ exp of the keys or [H], the same for all queries. */
  readonly logits: tf.Tensor;
  /** What is averaged with the memory's values; it broadcasts to the contexts. 0 where it is absent. */
  readonly value?: tf.Tensor;
}

/**
 * What a softmax finds with one more position. With the log Σ exp of the keys, ℓ, and its logit, z, all weights are multiplied by
 * exp(ℓ)/(exp(ℓ) + exp(z)) = σ(ℓ − z), and the position has the rest: so the op stays the fused one, and rows without keys (ℓ = −∞)
 * see that position alone, and stay 0 where it has no value.
 */
export function withPosition(
  { context, weights, logSumExp }: Finished,
  { logits: given, value }: OwnPosition,
): Finished {
  const logits = given.rank === 1 ? tf.reshape(given, [1, given.size, 1]) : given; // [1, H, 1], [N, H, T] or [N, T]
  const isEmpty = asked(logSumExp, (sums) => tf.less(sums, LOWEST)); // [N, H, T] or [N, T]
  const ofKeys = tf.where(isEmpty, tf.zerosLike(logSumExp), logSumExp);
  const share = tf.where(isEmpty, tf.zerosLike(logSumExp), tf.sigmoid(tf.sub(ofKeys, logits)));
  const factor = tf.expandDims(share, -1); // [N, H, T, 1] or [N, T, 1]
  const all = tf.broadcastTo(logits, logSumExp.shape);
  const ofMemory = tf.mul(context, factor);
  return {
    context: value === undefined ? ofMemory : tf.add(ofMemory, tf.mul(tf.sub(1, factor), value)),
    ...(weights && { weights: tf.mul(weights, factor) }),
    logSumExp: tf.where(isEmpty, all, tf.add(ofKeys, tf.softplus(tf.sub(all, ofKeys)))),
  };
}

/** What is less is −∞. */
const LOWEST = -3.4e38;

/** What of each row's weight isn't the memory's, [N, H, T] or [N, T]. */
export const restOf = (weights: tf.Tensor): tf.Tensor => tf.sub(1, tf.sum(weights, -1));
