import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { select } from '../../composed/shared.js';

/**
 * What is left of the past within a chunk of C steps. Every factor is the exponential of a sum of log decays, which are at most 0 in use,
 * and never a ratio of two products, so strong decays neither overflow nor divide 0 by 0.
 *
 * M is B·Hk. The last axis has length D, or 1 for a decay that all of a head share.
 */
export interface Decays {
  /** From step j to step i ≥ j: Π_{j<m≤i} exp(g_m); 0 above the diagonal. [M, C, C, D or 1] */
  readonly between: Tensor;
  /** From before the chunk to step i. [M, C, D or 1] */
  readonly fromStart: Tensor;
  /** From step j to the last one. [M, C, D or 1] */
  readonly toEnd: Tensor;
  /** From before the chunk to its last step. [M, D or 1, 1] */
  readonly whole: Tensor;
}

// exp of less is 0 in float32 already, and sums of such numbers are finite.
const STRONGEST = -1e4;

/** @param logDecay g, [M, C, D or 1] */
export function decaysOf(logDecay: Tensor): Decays {
  const [rows, steps, width] = logDecay.shape as [number, number, number];
  const bounded = tf.maximum(logDecay, STRONGEST);
  // Column 0 stands for the state before the chunk, column j + 1 for step j: each adds up the log decays after it.
  const after = select(isAfter(steps), tf.broadcastTo(tf.expandDims(bounded, 2), [rows, steps, steps + 1, width]), 0);
  const factors = tf.exp(tf.cumsum(after, 1));
  const last = tf.slice(factors, [0, steps - 1, 0, 0], [rows, 1, steps + 1, width]);
  return {
    between: select(lower(steps), tf.slice(factors, [0, 0, 1, 0], [rows, steps, steps, width]), 0),
    fromStart: tf.reshape(tf.slice(factors, [0, 0, 0, 0], [rows, steps, 1, width]), [rows, steps, width]),
    toEnd: tf.reshape(tf.slice(last, [0, 0, 1, 0], [rows, 1, steps, width]), [rows, steps, width]),
    whole: tf.reshape(tf.slice(last, [0, 0, 0, 0], [rows, 1, 1, width]), [rows, width, 1]),
  };
}

/** The gradient in the log decays, [M, C, D or 1], from those in the logarithms of the factors, which are shaped as the factors are. */
export function logDecayGradient({ between, fromStart, toEnd, whole }: Decays): Tensor {
  const [rows, steps, , width] = between.shape as [number, number, number, number];
  const columns = tf.concat([tf.reshape(fromStart, [rows, steps, 1, width]), between], 2);
  const lastRow = tf.concat([tf.reshape(whole, [rows, 1, 1, width]), tf.reshape(toEnd, [rows, 1, steps, width])], 2);
  const above = tf.zeros([rows, steps - 1, steps + 1, width]);
  const all = tf.add(columns, steps === 1 ? lastRow : tf.concat([above, lastRow], 1));
  // Step m is in every factor that ends at or after it and begins before it. Sums of these alone, since what differences of larger sums
  // leave isn't exact where little is left.
  return tf.sum(select(isAfter(steps), tf.cumsum(all, 1, false, true), 0), 2);
}

/** Whether step i comes at or after step j: [C, C, 1]. */
export const lower = (steps: number): Tensor => triangle(steps, steps, 0);

/** Whether step i comes after what column j stands for: [C, C + 1, 1]. */
const isAfter = (steps: number): Tensor => triangle(steps, steps + 1, 0);

/** Whether step i comes after step j: [C, C, 1]. */
export const strictlyLower = (steps: number): Tensor => triangle(steps, steps, 1);

function triangle(rows: number, columns: number, below: number): Tensor {
  const at = tf.sub(tf.reshape(tf.range(0, rows), [rows, 1, 1]), tf.reshape(tf.range(0, columns), [1, columns, 1]));
  return tf.greaterEqual(at, below);
}
