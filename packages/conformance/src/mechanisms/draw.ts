import { definitionOf } from '@heed/attention';
import { parse } from 'valibot';
import { sizeOf, type TensorValue } from '../example.js';
import { Random } from '../random.js';
import type { MechanismExample, MechanismInstance, StateDrawing } from './example.js';
import { parameterName, stateName } from './names.js';
import { isPresent } from './ragged.js';

/**
 * Rows, queries and positions of every example. All are alike, so that a tensor that is broadcast along a wrong axis fits and its numbers
 * tell; and so that an engine that compiles a program for each shape compiles few.
 */
const LENGTH = 3;

/** An example with the numbers that a seed gives it. */
export function drawMechanism(example: MechanismExample, seed: number): MechanismInstance {
  const { kind, options, ragged = false } = example;
  const definition = definitionOf('conformance', { kind });
  const config = parse(definition.schema, { kind, ...options });
  const { queryWidth, memoryWidth } = definition.widths(config);
  const states = definition.state?.shapes(LENGTH, config) ?? {};
  const drawnOf = (name: string, shape: readonly number[]): TensorValue => uniform(shape, new Random(seed, name));
  const memory = drawnOf('memory', [LENGTH, LENGTH, memoryWidth]);
  const tensors = {
    query: drawnOf('query', [LENGTH, LENGTH, queryWidth]),
    memory: ragged ? withoutAbsent(memory, () => 0) : memory,
    ...named(definition.parameters(config), parameterName, (name, { shape }) => drawnOf(name, shape)),
    ...named(example.state ?? {}, stateName, (name, drawing) =>
      stateOf([LENGTH, ...states[name]], drawing, new Random(seed, name)),
    ),
  };
  return { example, config, tensors, states };
}

/** The gradients of the loss in the outputs that it is in, for outputs of these shapes. */
export const drawCotangents = (
  { example: { returnWeights } }: MechanismInstance,
  outputs: Readonly<Record<string, Pick<TensorValue, 'shape'>>>,
  seed: number,
): Record<string, TensorValue> =>
  Object.fromEntries(
    Object.entries(outputs)
      .filter(([name]) => name !== 'weights' || returnWeights)
      .map(([name, { shape }]) => [name, uniform(shape, new Random(seed, `cotangent of ${name}`))]),
  );

const HARMFUL = [NaN, Infinity, -Infinity];

/** The instance's memory as it is given: what takes no part is harmful. */
export const givenMemory = ({ example: { ragged }, tensors: { memory } }: MechanismInstance): TensorValue =>
  ragged ? withoutAbsent(memory, (n) => HARMFUL[n % HARMFUL.length]) : memory;

/** A ragged memory, with other numbers where positions take no part. */
function withoutAbsent(memory: TensorValue, number: (n: number) => number): TensorValue {
  const [, keys, width] = memory.shape;
  const values = memory.values.map((x, n) => {
    const position = Math.floor(n / width);
    return isPresent(Math.floor(position / keys), position % keys) ? x : number(n);
  });
  return { ...memory, values };
}

/** Numbers in (−1, 1). Parameters that begin as constants are no exception: constants would hide mistakes. */
const uniform = (shape: readonly number[], random: Random): TensorValue => ({
  shape,
  values: Float32Array.from({ length: sizeOf(shape) }, () => 2 * random.uniform() - 1),
});

function stateOf(shape: readonly number[], drawing: StateDrawing, random: Random): TensorValue {
  const values = Float32Array.from({ length: sizeOf(shape) }, () => random.uniform());
  if (drawing === 'positive') return { shape, values };
  const width = shape.at(-1)!;
  const totals = Float64Array.from({ length: values.length / width }, (_, row) =>
    values.subarray(row * width, (row + 1) * width).reduce((sum, x) => sum + x, 0),
  );
  return { shape, values: values.map((x, n) => x / totals[Math.floor(n / width)]) };
}

const named = <T, U>(
  all: Readonly<Record<string, T>>,
  name: (key: string) => string,
  make: (key: string, of: T) => U,
): Record<string, U> => Object.fromEntries(Object.entries(all).map(([key, of]) => [name(key), make(key, of)]));
