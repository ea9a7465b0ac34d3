import * as tf from '@tensorflow/tfjs-core';
import { compare, describeFailure, type Expected } from '../bound.js';
import type { MatMulCase } from '../case.js';
import { Allocation } from '../algebra.js';
import { float32, float64, type Round } from '../oracle/arithmetic.js';
import { sizeOf, type TensorValue } from '../example.js';
import { Random } from '../random.js';
import { take } from '../perform.js';
import { resultOf } from './agreement.js';
import type { Finding, Session } from './session.js';

/** Compares the engine's matrix product with nested loops. */
export async function runMatMul(product: MatMulCase, { floor }: Session): Promise<Finding> {
  const { seed, transposeA, transposeB, fused } = product;
  const [a, b] = [drawn(product.a, seed, 'a'), drawn(product.b, seed, 'b')];
  const columns = product.b.at(transposeB ? -2 : -1)!;
  const bias = fused?.bias ? drawn([columns], seed, 'bias') : undefined;
  const exact = multiply(product, a, b, bias, float64);
  const expected: Expected = { ...exact, naive: multiply(product, a, b, bias, float32).values };

  const allocation = new Allocation();
  try {
    const [left, right] = [allocation.tensor(a), allocation.tensor(b)];
    const result = fused
      ? tf.fused.matMul({
          a: left,
          b: right,
          transposeA,
          transposeB,
          ...(bias && { bias: allocation.tensor(bias) }),
          ...(fused.activation && { activation: fused.activation }),
        })
      : tf.matMul(left, right, transposeA, transposeB);
    const { product: got } = await take({ product: result });
    if (got!.shape.join() !== expected.shape.join()) {
      return { failures: [`the product has shape [${got!.shape}], expected [${expected.shape}]`] };
    }
    const comparison = compare(got!.values, expected, floor);
    const failures = comparison.passed ? [] : [describeFailure('product', comparison)];
    return { outputs: [resultOf('product', comparison)], failures };
  } finally {
    allocation.dispose();
  }
}

function drawn(shape: readonly number[], seed: number, stream: string): TensorValue {
  const random = new Random(seed, stream);
  return { shape, values: Float32Array.from({ length: sizeOf(shape) }, () => random.normal()) };
}

function multiply(
  { transposeA, transposeB, fused }: MatMulCase,
  a: TensorValue,
  b: TensorValue,
  bias: TensorValue | undefined,
  round: Round,
): { shape: readonly number[]; values: Float64Array } {
  const [aRows, aColumns] = a.shape.slice(-2) as [number, number];
  const [bRows, bColumns] = b.shape.slice(-2) as [number, number];
  const [rows, inner] = transposeA ? [aColumns, aRows] : [aRows, aColumns];
  const columns = transposeB ? bRows : bColumns;
  const [aBatch, bBatch] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const batch = aBatch.map((length, axis) => Math.max(length, bBatch[axis]));
  const values = new Float64Array(sizeOf(batch) * rows * columns);
  let n = 0;
  for (let p = 0; p < sizeOf(batch); p++) {
    const aStart = broadcastProduct(p, batch, aBatch) * aRows * aColumns;
    const bStart = broadcastProduct(p, batch, bBatch) * bRows * bColumns;
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        let sum = 0;
        for (let k = 0; k < inner; k++) {
          const x = a.values[aStart + (transposeA ? k * aColumns + i : i * aColumns + k)];
          const y = b.values[bStart + (transposeB ? j * bColumns + k : k * bColumns + j)];
          sum = round(sum + round(x * y));
        }
        values[n++] = activate(round(sum + (bias?.values[j] ?? 0)), fused?.activation, round);
      }
    }
  }
  return { shape: [...batch, rows, columns], values };
}

/** Index of the matrix that takes part in product number p, in a tensor with batch axes `own`. */
function broadcastProduct(p: number, batch: readonly number[], own: readonly number[]): number {
  let rest = p;
  let stride = 1;
  let index = 0;
  for (let axis = batch.length - 1; axis >= 0; axis--) {
    const position = rest % batch[axis];
    rest = Math.floor(rest / batch[axis]);
    if (own[axis] !== 1) index += position * stride;
    stride *= own[axis];
  }
  return index;
}

function activate(x: number, activation: NonNullable<MatMulCase['fused']>['activation'], round: Round): number {
  switch (activation) {
    case 'relu':
      return Math.max(0, x);
    case 'sigmoid':
      return round(1 / round(1 + round(Math.exp(-x))));
    case 'relu6':
      return Math.min(Math.max(0, x), 6);
    default:
      return x;
  }
}
