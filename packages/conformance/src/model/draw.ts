import { MODEL_OPS, type ModelOp } from '@heed/core/model-ops';
import { sizeOf, type TensorValue } from '../example.js';
import { float64 } from '../oracle/arithmetic.js';
import { evaluateModel } from '../oracle/model/evaluate.js';
import { Random } from '../random.js';
import type { Drawing, ModelExample, ModelInstance } from './example.js';

/** An example with the numbers that a seed gives it. */
export function drawModel(example: ModelExample, seed: number): ModelInstance {
  const op: ModelOp = MODEL_OPS[example.op];
  const inputs = Object.fromEntries(
    Object.keys(op.inputs).map((name) => {
      const shapes = op.inputs[name].list === undefined ? [example.shapes[name]] : example.shapes[name];
      const tensors = (shapes as readonly (readonly number[])[]).map((shape, n) =>
        drawn(shape, example.draw?.[name], new Random(seed, `${name} ${n}`)),
      );
      return [name, tensors];
    }),
  );
  const { results } = evaluateModel({ example, inputs, cotangents: {} }, float64, 'forward');
  const cotangents = Object.fromEntries(
    Object.entries(results).map(([name, { shape }]) => [
      name,
      drawn(shape, undefined, new Random(seed, `cotangent of ${name}`)),
    ]),
  );
  return { example, inputs, cotangents };
}

function drawn(shape: readonly number[], { magnitude = 1, grid, as, rows }: Drawing = {}, random: Random): TensorValue {
  const values = Float32Array.from({ length: sizeOf(shape) }, () => {
    const x = random.normal() * magnitude;
    const y = grid === undefined ? x : Math.round(x / grid) * grid;
    return as === 'positive' ? Math.abs(y) : y;
  });
  const width = shape.at(-1) ?? 1;
  if (as === 'distribution') {
    for (let at = 0; at < values.length; at += width) normalize(values.subarray(at, at + width));
  }
  for (const row of rows?.which ?? []) values.fill(Number(rows!.value), row * width, (row + 1) * width);
  return { shape, values };
}

/** Makes the softmax of a row of it. */
function normalize(row: Float32Array): void {
  const sum = row.reduce((total, x) => total + Math.exp(x), 0);
  row.forEach((x, n) => (row[n] = Math.exp(x) / sum));
}
