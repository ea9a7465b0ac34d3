import { bindMechanism, type AttentionState, type MechanismOptions } from '@heed/attention';
import * as tf from '@tensorflow/tfjs-core';
import type { MechanismInstance } from './example.js';
import { parameterName, stateName } from './names.js';
import { RAGGED } from './ragged.js';

type Tensors = Readonly<Record<string, tf.Tensor>>;

/**
 * What the instance's mechanism gives of its tensors: `context`, `weights` when they are asked for, and the next state by its names.
 *
 * @param options mechanisms in place of the package's own
 */
export function callMechanism(
  { example, config, states }: MechanismInstance,
  given: Tensors,
  options: MechanismOptions = {},
): Tensors {
  const { causal = false, ragged = false, inSteps = false, returnWeights = false } = example;
  const mechanism = bindMechanism(config, withPrefix(given, parameterName('')), options);
  const memory = mechanism.prepare(given['memory'] as tf.Tensor3D, ragged ? raggedOptions() : {});
  const first = withPrefix(given, stateName(''));
  let state = Object.keys(first).length > 0 ? mechanism.initialState(memory, first) : undefined;
  const attend = (query: tf.Tensor3D, at?: number): Tensors => {
    const called = {
      ...(causal && { causal: at === undefined ? true : { offset: at } }),
      ...(!causal && at !== undefined && { alignment: { offset: at } }),
      returnWeights,
      state,
    };
    const { context, weights, state: next } = mechanism.attend(query, memory, called);
    state = next;
    return { context, ...(returnWeights && { weights: weights! }) };
  };
  const query = given['query'] as tf.Tensor3D;
  const [batch, queries, width] = query.shape;
  const outputs = inSteps
    ? joined(Array.from({ length: queries }, (_, t) => attend(tf.slice(query, [0, t, 0], [batch, 1, width]), t)))
    : attend(query);
  mechanism.dispose();
  return { ...outputs, ...stateBy(Object.keys(states), state) };
}

/** Tensors whose names begin so, by the rest of their names. */
const withPrefix = (tensors: Tensors, prefix: string): Record<string, tf.Tensor> =>
  Object.fromEntries(
    Object.entries(tensors).flatMap(([name, tensor]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), tensor]] : [],
    ),
  );

/** Lengths and mask of a ragged memory; tidied by the caller. */
const raggedOptions = () => ({
  lengths: RAGGED.lengths,
  mask: tf.tensor2d(RAGGED.mask.flat(), [RAGGED.mask.length, RAGGED.mask[0].length], 'bool'),
});

const stateBy = (names: readonly string[], state: AttentionState | undefined): Tensors =>
  Object.fromEntries(names.map((name) => [name, state![name]]));

/** Outputs of one step after another as those of all steps; queries are the last axis but one. */
function joined(steps: readonly Tensors[]): Tensors {
  return Object.fromEntries(
    Object.entries(steps[0]).map(([name, { rank }]) => [
      name,
      tf.concat(
        steps.map((step) => step[name]),
        rank - 2,
      ),
    ]),
  );
}
