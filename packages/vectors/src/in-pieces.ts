import * as tf from '@tensorflow/tfjs-core';
import type { Carried, Compute, NamedTensors } from './mapping.js';

// Four steps and then two of six: pieces of different lengths, so that one can't be taken for the other.
const FIRST_PIECE = 2 / 3;

/**
 * The same computation in two pieces: the first steps, then the others, which begin with the state that the first ones left.
 *
 * @returns the outputs that have an axis of steps, put together again, and the states after the last step
 */
export function inPieces(run: Compute, carried: Carried): Compute {
  const { steps, outputs, states } = carried;
  const first = Math.ceil(steps * FIRST_PIECE);
  return (inputs, parameters) => {
    const before = run(piece(inputs, carried, 0, first), parameters, 0);
    const handedOver = Object.fromEntries(states.map((name) => [`${name}0`, before[name]]));
    const after = run({ ...piece(inputs, carried, first, steps), ...handedOver }, parameters, first);
    return {
      ...Object.fromEntries(
        Object.entries(outputs).map(([name, axis]) => [name, tf.concat([before[name], after[name]], axis)]),
      ),
      ...Object.fromEntries(states.map((name) => [name, after[name]])),
    };
  };
}

/** Inputs of the steps from one, inclusive, to another, exclusive. */
function piece(inputs: NamedTensors, carried: Carried, from: number, to: number): NamedTensors {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, tensor]) => {
      if (name === carried.lengths) return [name, left(tensor, from, to)];
      const axis = carried.inputs[name];
      return [name, axis === undefined ? tensor : along(tensor, axis, from, to)];
    }),
  );
}

/** How many of the steps each row has; computed on the host, which lengths come from, as they decide about shapes there. */
function left(lengths: tf.Tensor, from: number, to: number): tf.Tensor {
  const counts = Array.from(lengths.dataSync(), (length) => Math.min(Math.max(length - from, 0), to - from));
  return tf.tensor(counts, lengths.shape, lengths.dtype);
}

function along(tensor: tf.Tensor, axis: number, from: number, to: number): tf.Tensor {
  const begin = tensor.shape.map((_, n) => (n === axis ? from : 0));
  const size = tensor.shape.map((length, n) => (n === axis ? to - from : length));
  return tf.slice(tensor, begin, size);
}
