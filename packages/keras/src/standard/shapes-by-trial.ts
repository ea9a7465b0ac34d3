import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Shape } from '@tensorflow/tfjs-layers';
import type { CallArguments } from '../layers/keras-layer.js';

/** Lengths for axes of any length: the batch's, and that of all others. */
const TRIALS = [
  [2, 5],
  [3, 7],
] as const;

/**
 * Shapes of what a function makes of zeros of the given shapes. An axis whose length differs between two trials is of any length: null.
 *
 * @param given arguments with shapes in the places of tensors; a shape is a list with null or numbers in it
 */
export function shapesByTrial(given: CallArguments, run: (given: CallArguments) => Tensor | Tensor[]): Shape | Shape[] {
  const [first, second] = TRIALS.map(([batch, other]) =>
    tf.tidy(() => {
      const filled = Object.entries(given).map(([key, value]) => [key, zerosFor(value, batch, other)] as const);
      const outputs = run(Object.fromEntries(filled));
      return Array.isArray(outputs) ? outputs.map(({ shape }) => shape) : [outputs.shape];
    }),
  );
  const shapes = first.map((shape, n) => shape.map((length, axis) => (length === second[n][axis] ? length : null)));
  return shapes.length === 1 ? shapes[0] : shapes;
}

function zerosFor(value: unknown, batch: number, other: number): unknown {
  if (!Array.isArray(value)) return value;
  if (value.some(Array.isArray)) return value.map((one) => zerosFor(one, batch, other));
  return tf.zeros((value as Shape).map((length, axis) => length ?? (axis === 0 ? batch : other)));
}
