import * as tf from '@tensorflow/tfjs';
import type { Graph, GraphTensors } from '@heed/nn';
import { expect } from 'vitest';
import { values } from '../../nn/test/engines.js';

/** Larger parameters than at the start, so that no weight is near its middle. */
export function stir({ parameters }: { readonly parameters: Readonly<Record<string, tf.Variable>> }): void {
  Object.values(parameters).forEach((variable, i) => {
    tf.tidy(() => variable.assign(tf.tensor(values(variable.size, i), variable.shape)));
  });
}

/** A model's graph of a name. */
export function graphOf({ graphs }: { graphs?(): readonly Graph[] }, name: string): Graph {
  const found = graphs!().find((graph) => graph.name === name);
  if (found === undefined) throw new Error(`there is no graph '${name}'`);
  return found;
}

/** int32 [rows, …] */
export const ids = (rows: readonly (readonly number[])[]): tf.Tensor2D =>
  tf.tensor2d(rows as number[][], undefined, 'int32');

/** What a step takes, of what the encoder gave, or of nothing. */
export function firstInputs({ inputs }: Graph, given: GraphTensors, batch: number): GraphTensors {
  const axis = (length: number | string): number =>
    length === 'batch' ? batch : length === 'past' ? 0 : Number(length);
  const states = Object.entries(inputs).filter(([name]) => name.startsWith('state/') && given[name] === undefined);
  return { ...given, ...Object.fromEntries(states.map(([name, { shape }]) => [name, tf.zeros(shape.map(axis))])) };
}

/** What the next step takes, of what one took and gave. */
export const nextInputs = (before: GraphTensors, after: GraphTensors): GraphTensors =>
  Object.fromEntries(
    Object.entries(before).map(([name, x]) => [
      name,
      name.startsWith('state/') ? after[name.replace('state/', 'next/')] : x,
    ]),
  );

export function expectClose(actual: tf.Tensor, expected: tf.Tensor, what = ''): void {
  expect(actual.shape).toEqual(expected.shape);
  const [a, b] = [actual, expected].map((x) => Array.from(x.dataSync()));
  const worst = a.reduce(
    (most, value, n) => Math.max(most, Math.abs(value - b[n]) || (value === b[n] ? 0 : Infinity)),
    0,
  );
  expect(worst, what).toBeLessThan(1e-5);
}
