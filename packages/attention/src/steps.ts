import { wordsAt } from '@heed/base';
import * as tf from '@tensorflow/tfjs-core';
import { biasTensor, both, dense, materialize, resolveOffsets, type Dropout } from '@heed/core';
import type { Parameters, StateDefinition } from './definition.js';
import { apart, type Pass, type PassTensors } from './pass.js';
import type { AttentionState } from './state.js';

/** What the steps saw, and the state after the last one. */
export interface Stepped {
  readonly tensors: PassTensors;
  readonly state: AttentionState;
  /** What each step was told by the ones before: the state's tensors, [N, T, …]. */
  readonly states: PassTensors;
}

/**
 * Queries one after the other, each told what the ones before saw. Masks, biases and positions count as they would for all
 * queries at once.
 *
 * @param parameters of the mechanism
 * @param look one step: queries [N, 1, Q] → tensors with `weights` among them
 */
export function inSteps(
  pass: Pass,
  { next }: StateDefinition,
  parameters: Parameters,
  look: (step: Pass) => PassTensors,
): Stepped {
  const time = pass.query.shape[1];
  // Without queries there is nothing to remember, and what is seen is empty.
  if (time === 0) return { tensors: look(pass), state: cloned(pass.state), states: withoutSteps(pass.state) };
  const stepOf = time === 1 ? () => pass : stepsOf(pass);
  const seen: PassTensors[] = [];
  const told: AttentionState[] = [];
  let { state } = pass;
  for (let t = 0; t < time; t++) {
    const step = stepOf(t);
    const tensors = look({ ...step, state });
    seen.push(tensors);
    told.push(state);
    state = next(state, {
      weights: tf.squeeze(tensors['weights'], [tensors['weights'].rank - 2]),
      between: apart(tensors).between,
      query: tf.squeeze(step.query, [1]),
      memory: pass.memory,
      present: pass.present,
      parameters,
    });
  }
  const allOf = (name: string): tf.Tensor[] => told.map((one) => one[name]);
  const states = Object.keys(state).map((name) => [name, tf.stack(allOf(name), 1)]);
  return { tensors: joined(seen), state, states: Object.fromEntries(states) as PassTensors };
}

/** The pass of the first query. */
export const firstStep = (pass: Pass): Pass => (pass.query.shape[1] < 2 ? pass : stepsOf(pass)(0));

/** The passes of single queries that together are one pass. */
function stepsOf(pass: Pass): (t: number) => Pass {
  const { what, query, memory, heads, masks, bias, dropout } = pass;
  const [rows, time] = query.shape;
  const keys = memory.keys.shape.at(-2)!;
  const shape = { batch: rows, heads, queries: time, keys };
  const allowed = masks.length === 0 ? undefined : materialize(both(...masks), shape);
  const added = bias === undefined ? undefined : biasTensor(bias, shape);
  // A mechanism that compares no positions need not be told where they are.
  const { align, offset } = pass.alignment;
  const isPlaced = align !== undefined || offset !== undefined || time === keys;
  const offsets = isPlaced ? resolveOffsets(what, pass.alignment, shape) : undefined;
  return (t) => ({
    ...pass,
    query: queryOf(query, t),
    masks: allowed === undefined ? [] : [dense(queryOf(allowed, t))],
    bias: added && queryOf(added, t),
    dropout: dropout && seededFor(t, dropout),
    alignment: offsets === undefined ? pass.alignment : { offset: offsets.map((first) => first + t) },
  });
}

/** Query t of a tensor whose last axis but one is the queries', or is 1 for all of them alike. */
function queryOf<T extends tf.Tensor>(x: T, t: number): T {
  const axis = x.rank - 2;
  if (x.shape[axis] === 1) return x;
  const begin = x.shape.map((_, at) => (at === axis ? t : 0));
  const size = x.shape.map((length, at) => (at === axis ? 1 : length));
  return tf.slice(x as tf.Tensor, begin, size) as T;
}

/** A seed for each step: with the same one, all would drop the same positions. */
function seededFor(t: number, { rate, seed }: Dropout): Dropout {
  const word = wordsAt({ seed, stream: 'attentionSteps', index: t, name: 0 });
  return { rate, seed: (word(1) % 2 ** 21) * 2 ** 32 + word(0) }; // below 2⁵³
}

function joined(steps: readonly PassTensors[]): PassTensors {
  const [first] = steps;
  if (steps.length === 1) return first!;
  const allOf = (name: string): tf.Tensor[] => steps.map((step) => step[name]);
  const axisOf = (name: string, { rank }: tf.Tensor): number => (name === 'logSumExp' ? rank - 1 : rank - 2);
  return Object.fromEntries(Object.entries(first!).map(([name, x]) => [name, tf.concat(allOf(name), axisOf(name, x))]));
}

const cloned = (state: AttentionState): AttentionState =>
  Object.fromEntries(Object.entries(state).map(([name, x]) => [name, tf.clone(x)]));

const withoutSteps = (state: AttentionState): PassTensors =>
  Object.fromEntries(Object.entries(state).map(([name, x]) => [name, tf.zeros([x.shape[0], 0, ...x.shape.slice(1)])]));
