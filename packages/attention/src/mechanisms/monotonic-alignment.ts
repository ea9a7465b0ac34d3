import * as tf from '@tensorflow/tfjs-core';
import type { CompareCall, StateDefinition } from '../definition.js';
import { linearRecurrence } from '../recurrence.js';
import type { AttentionState } from '../state.js';
import { asked } from '../asked.js';
import { asNumbers, asStep, onlyWhere, type Weighed } from '../weigh.js';
import { atFirst, chances } from './monotonic-energies.js';

export const MODES = ['soft', 'hard'] as const;
export type MonotonicMode = (typeof MODES)[number];

/**
 * How likely each position is the one where a step stops that begins where the step before stopped, exactly:
 * q_j = (1 − p_{j−1}) q_{j−1} + α_{i−1,j} and α_ij = p_ij q_j. What passes the last position is lost, so a row may sum to less than 1.
 */
export function softAlignment(energies: tf.Tensor3D, allowed: tf.Tensor3D, { state }: CompareCall): Weighed {
  const { chosen, passed } = chances(energies, allowed);
  const reached = linearRecurrence(passed, asStep(state['previous']!));
  return { weights: tf.mul(chosen, reached), between: { choose: chosen } };
}

/**
 * 1 at the first position with p > ½ from that of the step before on; a row without one is 0, and stays so: its position is then
 * the number of positions. Nothing of it has a gradient.
 */
export function hardAlignment(
  energies: tf.Tensor3D,
  allowed: tf.Tensor3D,
  { state, present }: CompareCall,
): Weighed & { readonly between: { readonly position: tf.Tensor } } {
  const { shape } = energies;
  const [rows, , keys] = shape;
  const index = tf.broadcastTo(tf.reshape(tf.range(0, keys), [1, 1, keys]), shape);
  const end = tf.reshape(countOf(present()), [rows, 1, 1]);
  const from = tf.reshape(state['position']!, [rows, 1, 1]);
  const isStop = (e: tf.Tensor3D): tf.Tensor3D =>
    tf.logicalAnd(tf.logicalAnd(allowed, tf.greater(e, 0)), tf.greaterEqual(index, from));
  const first = (e: tf.Tensor3D): tf.Tensor3D =>
    tf.min(tf.where(isStop(e), index, tf.broadcastTo(end, shape)), -1, true);
  return {
    weights: asked(energies, (e) => asNumbers(tf.logicalAnd(tf.equal(index, first(e)), isStop(e)))),
    between: { choose: onlyWhere(allowed, tf.sigmoid(energies)), position: asked(energies, first) }, // [N, T, 1]
  };
}

/** One past the last position that takes part: bool […, Tk] → […, 1]. */
export function countOf(taking: tf.Tensor): tf.Tensor {
  const keys = taking.shape.at(-1)!;
  if (taking.size === 0) return tf.zeros([...taking.shape.slice(0, -1), 1]);
  return tf.max(tf.mul(asNumbers(taking), tf.range(1, keys + 1)), -1, true);
}

/** The state of an alignment: the expected one keeps its last weights, the other where it stopped. */
export const alignmentState: StateDefinition<{
  readonly kind: string;
  readonly name: string;
  readonly mode: MonotonicMode;
}> = {
  shapes: (keys, { mode }): Readonly<Record<string, readonly number[]>> =>
    mode === 'soft' ? { previous: [keys] } : { position: [] },
  initial: (name, keys) => (name === 'previous' ? atFirst(keys) : undefined),
  alongKeys: ['previous'],
  next(state, { weights, between }): AttentionState {
    const [rows] = weights.shape;
    if (state['previous'] !== undefined)
      return { previous: between['monotonic'] ? lastOf(between['monotonic']) : weights };
    return { position: tf.reshape(between['position']!, [rows!]) };
  },
};

/** [N, 1, Tk] → [N, Tk] */
const lastOf = (x: tf.Tensor): tf.Tensor => tf.squeeze(x, [1]);
