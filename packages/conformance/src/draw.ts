import { attendance } from './oracle/masks.js';
import type {
  BiasSpec,
  BiasValue,
  Instance,
  MaskSpec,
  MaskValue,
  OutputName,
  Poison,
  Example,
  TensorValue,
} from './example.js';
import { maskOf, outputsOf, sizeOf } from './example.js';
import { opOf } from './ops/table.js';
import { Random } from './random.js';

/** Draws the numbers of an example from a seed. */
export function draw(example: Example, seed: number): Instance {
  const mask = example.mask && drawMask(example.mask, new Random(seed, 'mask'));
  const inputs: Record<string, TensorValue> = {};
  const drawn = opOf(example).drawn?.(example) ?? {};
  for (const [name, shape] of Object.entries(opOf(example).inputs(example))) {
    const random = new Random(seed, name);
    const magnitude = example.magnitude?.[name] ?? 1;
    const grid = example.grid?.[name];
    const number = (): number => {
      const x = (drawn[name]?.(random.normal()) ?? random.normal()) * magnitude;
      return grid === undefined ? x : Math.round(x / grid) * grid;
    };
    const given = example.numbers?.[name];
    inputs[name] = { shape, values: given === undefined ? filled(shape, number) : Float32Array.from(given) };
  }
  for (const poison of example.poison ?? []) inputs[poison.input] = poisoned({ example, mask, inputs }, poison);

  const cotangents: Partial<Record<OutputName, TensorValue>> = {};
  const shapes = { ...outputShapes(example), ...opOf(example).shapes?.(example) };
  for (const name of outputsOf(example)) {
    const random = new Random(seed, `cotangent of ${name}`);
    const flows = example.lossIn?.includes(name) ?? true;
    const shape = shapes[name]!;
    cotangents[name] = { shape, values: filled(shape, () => (flows ? random.normal() : 0)) };
  }
  return {
    example,
    inputs,
    ...(mask && { mask }),
    ...(example.bias && { bias: drawBias(example.bias, new Random(seed, 'bias')) }),
    cotangents,
  };
}

/** Numbers of a tensor, one after another; `from` with a function takes far longer. */
function filled(shape: readonly number[], number: () => number): Float32Array {
  const values = new Float32Array(sizeOf(shape));
  for (let n = 0; n < values.length; n++) values[n] = number();
  return values;
}

function outputShapes(example: Example): Partial<Record<OutputName, readonly number[]>> {
  const { queries, keys, valueWidth } = example;
  const leading = opOf(example).leading(example);
  return {
    context: [...leading, queries, valueWidth],
    weights: [...leading, queries, keys],
    logSumExp: [...leading, queries],
  };
}

export function drawMask(mask: MaskSpec, random: Random): MaskValue {
  switch (mask.kind) {
    case 'both':
      return { kind: 'both', masks: mask.masks.map((part) => drawMask(part, random)) };
    case 'dense': {
      const { shape, axes, attended, bytes = [1] } = mask;
      const byte = (n: number): number => bytes[n % bytes.length];
      const values = Uint8Array.from({ length: sizeOf(shape) }, (_, n) => (random.uniform() < attended ? byte(n) : 0));
      fillRowsAndColumns(values, mask, 0);
      return { kind: 'dense', shape, ...(axes && { axes }), values };
    }
    default:
      return mask;
  }
}

export function drawBias(bias: BiasSpec, random: Random): BiasValue {
  switch (bias.kind) {
    case 'sum':
      return { kind: 'sum', biases: bias.biases.map((term) => drawBias(term, random)) };
    case 'dense': {
      const { shape, axes, offset = 0, constant, masked = 0 } = bias;
      const number = (): number => (random.uniform() < masked ? -Infinity : (constant ?? offset + random.normal()));
      const values = filled(shape, number);
      fillRowsAndColumns(values, bias, -Infinity);
      return { kind: 'dense', shape, ...(axes && { axes }), values };
    }
    case 'relativePosition': {
      const size = bias.rows * (2 * bias.reach + 1);
      return { ...bias, values: Float32Array.from({ length: size }, () => random.normal()) };
    }
    case 'alibi':
      return bias;
  }
}

function fillRowsAndColumns(
  values: Uint8Array | Float32Array,
  { shape, emptyRows = [], emptyColumns = [] }: Extract<MaskSpec | BiasSpec, { kind: 'dense' }>,
  value: number,
): void {
  const keys = shape.at(-1)!;
  const queries = shape.at(-2) ?? 1;
  for (let n = 0; n < values.length; n++) {
    const row = Math.floor(n / keys) % queries;
    if (emptyRows.includes(row) || emptyColumns.includes(n % keys)) values[n] = value;
  }
}

function poisoned(
  { example, mask, inputs }: Pick<Instance, 'example' | 'mask' | 'inputs'>,
  poison: Poison,
): TensorValue {
  const { input, value, at } = poison;
  const { shape, values } = inputs[input];
  const numbers = Float32Array.from(values);
  const fill = (place: readonly number[]): void => {
    const block = sizeOf(shape.slice(place.length));
    const start = place.reduce((index, k, axis) => index * shape[axis] + k, 0) * block;
    numbers.fill(value, start, start + block);
  };
  if (at !== 'masked') {
    fill(at);
    return { shape, values: numbers };
  }
  const width = shape.at(-1)!;
  for (const row of maskedRows({ example, mask }, input === 'query')) {
    numbers.fill(value, row * width, (row + 1) * width);
  }
  return { shape, values: numbers };
}

/** Rows that are fully masked: queries that attend to nothing, or keys (and values) that nothing attends to. */
function maskedRows(instance: Pick<Instance, 'example' | 'mask'>, ofQueries: boolean): number[] {
  const { example } = instance;
  const op = opOf(example);
  const sizes = op.scores(example);
  const { batch, heads, queries, keys } = sizes;
  const attends = attendance(maskOf(instance), sizes);
  const keyHeads = op.keyHeads(example);
  const used = new Set<number>();
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < heads; h++) {
      const keyHead = Math.floor((h * keyHeads) / heads);
      for (let i = 0; i < queries; i++) {
        for (let j = 0; j < keys; j++) {
          if (!attends(b, h, i, j)) continue;
          used.add(ofQueries ? (b * heads + h) * queries + i : (b * keyHeads + keyHead) * keys + j);
        }
      }
    }
  }
  const rows = ofQueries ? batch * heads * queries : batch * keyHeads * keys;
  return Array.from({ length: rows }, (_, row) => row).filter((row) => !used.has(row));
}
