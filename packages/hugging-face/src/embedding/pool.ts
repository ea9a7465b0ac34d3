import * as tf from '@tensorflow/tfjs-core';

/** States of a batch and which of them are of real tokens: [B, T, E], and 1 or 0, [B, T]. */
type PoolTokens = (states: tf.Tensor3D, real: tf.Tensor2D) => tf.Tensor2D;

const weighted: PoolTokens = (states, weights) => tf.sum(tf.mul(states, tf.expandDims(weights, 2)), 1);

/** Number of real tokens, [B, 1]; more than 0 for a text without any, since it is divided by. */
const countOf = (real: tf.Tensor2D): tf.Tensor2D => tf.maximum(tf.sum(real, 1, true), 1e-9);

/** The state of each sequence at which what is given is greatest, the first of several. */
const at = (states: tf.Tensor3D, places: tf.Tensor2D): tf.Tensor2D =>
  weighted(states, tf.oneHot(tf.argMax(places, 1), places.shape[1]) as tf.Tensor2D);

/** Counts from 1: [1, T]. */
const counts = (time: number): tf.Tensor2D => tf.reshape(tf.range(1, time + 1), [1, time]);

const POOLS = {
  mean: (states, real) => tf.div(weighted(states, real), countOf(real)),
  cls: (states, real) => at(states, real),
  max: (states, real) => tf.max(tf.sub(states, tf.mul(tf.expandDims(tf.sub(1, real), 2), FAR)), 1),
  mean_sqrt_len_tokens: (states, real) => tf.div(weighted(states, real), tf.sqrt(countOf(real))),
  weightedmean(states, real) {
    const weights: tf.Tensor2D = tf.mul(real, counts(real.shape[1]));
    return tf.div(weighted(states, weights), countOf(weights));
  },
  lasttoken: (states, real) => at(states, tf.mul(real, counts(real.shape[1]))),
} satisfies Record<string, PoolTokens>;

/** How the states of a text become one vector, by the names that sentence-transformers has. */
export type Pooling = keyof typeof POOLS;

export const POOLINGS = Object.keys(POOLS) as readonly Pooling[];

/** What takes a state out of the running for the greatest. */
const FAR = 1e9;

/**
 * One vector of each sequence, [B, E]; of several ways one after another, [B, n·E].
 *
 * @see Reimers & Gurevych 2019, arXiv:1908.10084, §3
 */
export const pooled = (states: tf.Tensor3D, real: tf.Tensor2D, ways: readonly Pooling[]): tf.Tensor2D =>
  tf.concat(
    ways.map((way) => POOLS[way](states, real)),
    1,
  );

const SHORTEST = 1e-12;

/** Rows of length 1. */
export const normalized = (rows: tf.Tensor2D): tf.Tensor2D =>
  tf.div(rows, tf.maximum(tf.norm(rows, 2, 1, true), SHORTEST));
