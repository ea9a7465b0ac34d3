import * as tf from '@tensorflow/tfjs-core';
import { tidy } from '../layers/tidy.js';
import type { Graph, GraphTensor, GraphType } from './graph.js';

/** Length of every free axis in a first run. */
const FIRST = 2;

/**
 * What a graph gives: the axes that grow with those of its inputs have their names, with what there is more of them, such as 'past + 1'. The
 * graph is run for that, on zeros.
 */
export function outputsOf(graph: Graph): Record<string, GraphTensor> {
  const shapes = Object.values(graph.inputs).flatMap(({ shape }) => shape);
  const axes = [...new Set(shapes.filter((axis): axis is string => typeof axis === 'string'))];
  // In a second run each axis is longer by a number of its own, by which it is known again.
  const before = runWith(graph, () => FIRST);
  const after = runWith(graph, (axis) => FIRST + 1 + axes.indexOf(axis));
  const lengthOf = (length: number, longer: number): number | string => {
    if (longer === length) return length;
    const more = length - FIRST;
    return more === 0 ? axes[longer - length - 1] : `${axes[longer - length - 1]} + ${more}`;
  };
  return Object.fromEntries(
    Object.entries(before).map(([name, { shape, dtype }]) => [
      name,
      { shape: shape.map((length, axis) => lengthOf(length, after[name].shape[axis])), dtype: dtype as GraphType },
    ]),
  );
}

/** Shapes and dtypes of what a graph gives for zeros with axes of these lengths. */
const runWith = (graph: Graph, sizeOf: (axis: string) => number): Record<string, Pick<tf.Tensor, 'shape' | 'dtype'>> =>
  tidy(() => {
    const given = Object.entries(graph.inputs).map(([name, { shape, dtype }]) => {
      const lengths = shape.map((axis) => (typeof axis === 'string' ? sizeOf(axis) : axis));
      return [name, tf.zeros(lengths, dtype)] as const;
    });
    const made = Object.entries(graph.run(Object.fromEntries(given)));
    return Object.fromEntries(made.map(([name, { shape, dtype }]) => [name, { shape, dtype }]));
  });
