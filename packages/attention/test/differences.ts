import type * as tf from '@tensorflow/tfjs-core';
import type { AttentionMechanism } from '../src/index.js';
import type { PlainInputs } from './plain.js';

export type Loss = (inputs: PlainInputs) => number;

/** The gradient of a float64 loss in each of its inputs, by central differences; flat, by name. */
export function centralDifferences(loss: Loss, inputs: PlainInputs): Record<string, number[]> {
  const step = 1e-5;
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => {
      const flat = [value].flat(4) as number[];
      const shape = shapeOf(value);
      const gradient = flat.map((_, n) => {
        const at = (delta: number): number =>
          loss({ ...inputs, [name]: nest(flat.with(n, flat[n] + delta), shape) as number[][][] });
        return (at(step) - at(-step)) / (2 * step);
      });
      return [name, gradient];
    }),
  );
}

/** Parameters and inputs as nested arrays. */
export function plainInputs(mechanism: AttentionMechanism, query: tf.Tensor, memory: tf.Tensor): PlainInputs {
  const all = { query, memory, ...mechanism.parameters };
  return Object.fromEntries(
    Object.entries(all).map(([name, tensor]) => [name, nest(Array.from(tensor.dataSync()), tensor.shape)]),
  ) as unknown as PlainInputs;
}

type Nested = number | Nested[];

function nest(flat: readonly number[], shape: readonly number[]): Nested {
  if (shape.length === 0) return flat[0];
  const [length, ...rest] = shape as [number, ...number[]];
  const size = rest.reduce((a, b) => a * b, 1);
  return Array.from({ length }, (_, n) => nest(flat.slice(n * size, (n + 1) * size), rest));
}

function shapeOf(value: Nested): number[] {
  return typeof value === 'number' ? [] : [value.length, ...shapeOf(value[0])];
}
