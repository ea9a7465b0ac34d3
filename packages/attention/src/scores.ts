import * as tf from '@tensorflow/tfjs-core';
import { biasTensor, materialize, type Bias, type Mask } from '@heed/core';
import { hasHeads, toCall, type CallOptions, type Comparison } from './comparison.js';
import { repeatHeads } from './linear.js';

/**
 * The scores that core's op finds on its way: with scale, soft cap and biases, before masks. To look at; `attend` never holds
 * them.
 *
 * @returns [N, T, Tk], or [N, H, T, Tk] of a comparison with heads
 */
export function scoresOf(what: string, comparison: Comparison, options: CallOptions): tf.Tensor {
  if (comparison.op === 'own') return comparison.scores(options);
  const call = toCall(what, comparison, options);
  switch (call.op) {
    case 'dotProductAttention': {
      const scores = dotProductScores(call);
      return hasHeads(comparison) ? scores : tf.squeeze(scores, [1]);
    }
    case 'additiveAttention': {
      return additiveScores(call.query, call.key, call.vector);
    }
    case 'weightedContext':
      return tf.clone(call.scores);
  }
}

/** vᵀ tanh(q + k) of queries [N, T, U], keys [N, Tk, U] and a vector [U]: [N, T, Tk]. */
export function additiveScores(query: tf.Tensor, key: tf.Tensor, vector: tf.Tensor): tf.Tensor3D {
  const sums = tf.add(tf.expandDims(query, 2), tf.expandDims(key, 1)); // [N, T, Tk, U]
  return tf.sum(tf.mul(tf.tanh(sums), vector), -1);
}

/**
 * cap(q·kᵀ·scale) + bias, for mechanisms that must hold the scores.
 *
 * @returns [N, Hq, T, Tk]
 */
export function dotProductScores({ query, key, scale, softCap, bias }: DotProducts): tf.Tensor4D {
  const [batch, heads, queries, width] = query.shape as [number, number, number, number];
  const keys = key.shape[2]!;
  // No kernel of TensorFlow.js promises to take empty operands.
  if (batch * queries * keys === 0) return tf.zeros([batch, heads, queries, keys]);
  const products = tf.mul(tf.matMul(query, repeatHeads(key, heads), false, true), scale ?? 1 / Math.sqrt(width));
  const capped = softCap === undefined ? products : tf.mul(tf.tanh(tf.div(products, softCap)), softCap);
  const added = bias && biasTensor(bias, { batch, heads, queries, keys });
  return (added === undefined ? capped : tf.add(capped, added)) as tf.Tensor4D;
}

export interface DotProducts {
  /** [N, Hq, T, D] */
  readonly query: tf.Tensor;
  /** [N, Hk, Tk, D] */
  readonly key: tf.Tensor;
  /** 1/√D by default. */
  readonly scale?: number | undefined;
  readonly softCap?: number | undefined;
  readonly bias?: Bias | tf.Tensor | undefined;
}

/**
 * log Σ exp of the scores along the last axis, of those that the mask allows; −∞ for a row without any. What is masked, NaN
 * included, reaches neither the result nor the gradient.
 *
 * @param scores [N, T, Tk] or [N, H, T, Tk]
 */
export function logSumExp(scores: tf.Tensor, mask: Mask | undefined): tf.Tensor {
  const shape = scores.shape;
  const [batch, queries, keys] = [shape[0]!, shape.at(-2)!, shape.at(-1)!];
  const heads = shape.length === 4 ? shape[1]! : 1;
  const leading = shape.slice(0, -1);
  if (scores.size === 0) return tf.fill(leading, -Infinity);
  const wide = tf.reshape(scores, [batch, heads, queries, keys]);
  const allowed = mask === undefined ? tf.onesLike(wide) : materialize(mask, { batch, heads, queries, keys });
  const open = tf.cast(tf.broadcastTo(tf.cast(allowed, 'int32'), wide.shape), 'bool');
  const none = tf.zerosLike(wide);
  const largest = tf.max(tf.where(open, wide, tf.fill(wide.shape, LOWEST)), -1, true);
  const shifted = tf.where(open, tf.sub(wide, largest), none);
  const sum = tf.sum(tf.where(open, tf.exp(shifted), none), -1);
  const isSome = tf.greater(sum, 0);
  const log = tf.add(tf.log(tf.where(isSome, sum, tf.onesLike(sum))), tf.squeeze(largest, [-1]));
  return tf.reshape(tf.where(isSome, log, tf.fill(log.shape, -Infinity)), leading);
}

/** The lowest number of float32. */
const LOWEST = -(2 - 2 ** -23) * 2 ** 127;
