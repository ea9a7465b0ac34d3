import * as tf from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectClose } from '../test/close.js';
import { Random } from '../test/random.js';
import { openEngine } from './engine.js';
import { matMulKernels } from './mat-mul-kernels.js';
import { Workspace } from './workspace.js';

type Kernel = (inputs: tf.NamedTensorInfoMap, attrs: object) => tf.Tensor;

let batchMatMul: Kernel;
let fusedMatMul: Kernel;
let originalFused: Kernel;
let originalBatch: Kernel;

beforeAll(async () => {
  const engine = await openEngine();
  await tf.setBackend('cpu');
  const backend = tf.findBackend('cpu');
  const asOp =
    (kernelFunc: tf.KernelFunc): Kernel =>
    (inputs, attrs) =>
      tf
        .engine()
        .makeTensorFromTensorInfo(
          kernelFunc({ inputs, attrs: attrs as tf.NamedAttrMap, backend }) as tf.TensorInfo,
          backend,
        );
  originalBatch = asOp(tf.getKernel('BatchMatMul', 'cpu').kernelFunc);
  originalFused = asOp(tf.getKernel('_FusedMatMul', 'cpu').kernelFunc);
  [batchMatMul, fusedMatMul] = matMulKernels(engine, new Workspace()).map(({ kernelFunc }) => asOp(kernelFunc));
});

function random(shape: readonly number[], seed: number): tf.Tensor {
  return tf.tensor(new Random(seed).floats(tf.util.sizeFromShape([...shape])), [...shape]);
}

/** A·B in float64; batch axes broadcast. */
function naive(a: tf.Tensor, b: tf.Tensor, transposeA: boolean, transposeB: boolean): Float64Array {
  const [ar, ac] = a.shape.slice(-2);
  const [br, bc] = b.shape.slice(-2);
  const [M, K, N] = [transposeA ? ac : ar, transposeA ? ar : ac, transposeB ? br : bc];
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const size = tf.util.sizeFromShape(batch);
  const [x, y] = [a, b].map((tensor) => {
    const full = [...batch, ...tensor.shape.slice(-2)];
    return tf.tidy(() => tf.broadcastTo(tensor, full).dataSync());
  });
  const out = new Float64Array(size * M * N);
  for (let n = 0; n < size; n++) {
    for (let i = 0; i < M; i++) {
      for (let j = 0; j < N; j++) {
        let sum = 0;
        for (let k = 0; k < K; k++) {
          const left = x[n * ar * ac + (transposeA ? k * ac + i : i * ac + k)];
          sum += left * y[n * br * bc + (transposeB ? j * bc + k : k * bc + j)];
        }
        out[(n * M + i) * N + j] = sum;
      }
    }
  }
  return out;
}

const flags = [false, true].flatMap((a) => [false, true].map((b) => [a, b] as const));

describe.each(flags)('transposeA %s, transposeB %s', (transposeA, transposeB) => {
  const a = (shape: number[]): number[] => (transposeA ? [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!] : shape);
  const b = (shape: number[]): number[] => (transposeB ? [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!] : shape);

  test.each([
    [
      [1, 1],
      [1, 1],
    ],
    [
      [1, 40],
      [40, 50],
    ],
    [
      [2, 7],
      [7, 9],
    ],
    [
      [3, 9],
      [9, 65],
    ],
    [
      [4, 4],
      [4, 4],
    ],
    [
      [5, 300],
      [300, 1],
    ],
    [
      [66, 513],
      [513, 2],
    ],
    [
      [17, 31],
      [31, 13],
    ],
    [
      [1, 128],
      [128, 100],
    ],
    [
      [3, 64],
      [64, 65],
    ],
    [
      [130, 70],
      [70, 400],
    ],
    [
      [2, 3, 2, 60],
      [2, 3, 60, 50],
    ],
    [
      [65, 257],
      [257, 259],
    ],
    [
      [64, 128],
      [128, 256],
    ],
    [
      [3, 65, 7],
      [3, 7, 5],
    ],
    [
      [3, 65, 7],
      [1, 7, 5],
    ],
    [
      [1, 65, 7],
      [3, 7, 5],
    ],
    [
      [2, 1, 6, 7],
      [1, 3, 7, 5],
    ],
    [
      [6, 7],
      [2, 3, 7, 5],
    ],
    [
      [2, 3, 6, 7],
      [7, 5],
    ],
    [
      [2, 3, 6, 7],
      [3, 7, 5],
    ],
    [
      [2, 3, 1, 7],
      [2, 3, 7, 5],
    ],
  ])('%j × %j', (left, right) => {
    tf.tidy(() => {
      const [x, y] = [random(a(left), 1), random(b(right), 2)];
      const product = batchMatMul({ a: x, b: y }, { transposeA, transposeB });
      expectClose(product.dataSync() as Float32Array, naive(x, y, transposeA, transposeB), 'product', 1e-7);
      if (left.length === right.length && left.slice(0, -2).join() === right.slice(0, -2).join()) {
        const own = originalBatch({ a: x, b: y }, { transposeA, transposeB });
        expect(product.shape).toEqual(own.shape);
        expectClose(
          product.dataSync() as Float32Array,
          Float64Array.from(own.dataSync()),
          'against the engine’s',
          1e-5,
        );
      }
    });
  });

  test.each([
    [9, 6, 11],
    [9, 60, 11],
    [9, 120, 2],
  ])('NaN goes where it belongs and nowhere else (%i × %i × %i)', (rows, depth, columns) => {
    tf.tidy(() => {
      const x = random(a([rows, depth]), 3);
      const y = random(b([depth, columns]), 4);
      const values = x.dataSync().slice();
      values[transposeA ? 2 * rows + 5 : 5 * depth + 2] = NaN; // row 5
      const product = batchMatMul({ a: tf.tensor(values, x.shape), b: y }, { transposeA, transposeB });
      expect([...product.dataSync()].map(Number.isNaN)).toEqual(
        Array.from({ length: rows * columns }, (_, n) => Math.floor(n / columns) === 5),
      );
    });
  });
});

test('sums are float64: what float32 would lose is there', () => {
  tf.tidy(() => {
    for (const rows of [1, 8]) {
      const a = tf.ones([rows, 1001]);
      const b = tf.concat([tf.fill([1, 8], 2 ** 24), tf.ones([1000, 8])]);
      const product = batchMatMul({ a, b }, { transposeA: false, transposeB: false });
      expect(product.dataSync()[0]).toBe(2 ** 24 + 1000);
    }
  });
});

test('empty axes', () => {
  tf.tidy(() => {
    const attrs = { transposeA: false, transposeB: false };
    expect(batchMatMul({ a: tf.zeros([0, 3]), b: tf.zeros([3, 2]) }, attrs).shape).toEqual([0, 2]);
    expect(batchMatMul({ a: tf.zeros([2, 3]), b: tf.zeros([3, 0]) }, attrs).shape).toEqual([2, 0]);
    const sum = batchMatMul({ a: tf.zeros([5, 0]), b: tf.zeros([0, 6]) }, attrs);
    expect([...sum.dataSync()]).toEqual(Array(30).fill(0));
  });
});

test('int32 keeps the engine’s own kernel', () => {
  tf.tidy(() => {
    const attrs = { transposeA: false, transposeB: false };
    const a = tf.tensor([[1, 2]], undefined, 'int32');
    const product = batchMatMul({ a, b: tf.tensor([[3], [4]], undefined, 'int32') }, attrs);
    expect(product.dtype).toBe('int32');
    expect([...product.dataSync()]).toEqual([11]);
    const bias = tf.tensor([1], undefined, 'int32');
    const fused = fusedMatMul({ a, b: tf.tensor([[3], [4]], undefined, 'int32'), bias }, attrs);
    expect([fused.dtype, ...fused.dataSync()]).toEqual(['int32', 12]);
  });
});

test('inner sizes that differ are an error with the shapes', () => {
  const [a, b] = [tf.zeros([2, 3]), tf.zeros([4, 2])];
  const run = (): unknown => batchMatMul({ a, b }, { transposeA: false, transposeB: false });
  expect(run).toThrow('[2,3] and [4,2]');
  expect(run).toThrow(HeedError);
  tf.dispose([a, b]);
});

describe('fused', () => {
  const activations = ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'prelu', 'leakyrelu', undefined];
  const biases: (number[] | undefined)[] = [undefined, [9], [1, 9], [1], [], [7, 9], [7, 1], [2, 7, 9], [2, 1, 9]];

  test.each(activations)('activation %s with each shape of bias', (activation) => {
    tf.tidy(() => {
      for (const shape of biases) {
        const a = random([2, 7, 12], 1);
        const b = random([2, 12, 9], 2);
        const inputs = {
          a,
          b,
          ...(shape && { bias: random(shape, 3) }),
          ...(activation === 'prelu' && { preluActivationWeights: random([9], 4) }),
        };
        const attrs = { transposeA: false, transposeB: false, activation, leakyreluAlpha: 0.3 };
        const [own, actual] = [originalFused(inputs, attrs), fusedMatMul(inputs, attrs)];
        expect(actual.shape).toEqual(own.shape);
        expectClose(actual.dataSync() as Float32Array, Float64Array.from(own.dataSync()), `bias [${shape}]`, 1e-6);
      }
    });
  });

  test('an unknown activation gets the engine’s error', () => {
    const [a, b] = [tf.ones([2, 2]), tf.ones([2, 2])];
    const attrs = { transposeA: false, transposeB: false, activation: 'swish' };
    expect(() => fusedMatMul({ a, b }, attrs)).toThrow('swish');
    tf.dispose([a, b]);
  });

  test('leaves nothing behind', () => {
    const inputs = { a: random([7, 12], 1), b: random([12, 9], 2), bias: random([7, 1], 3) };
    const backend = tf.findBackend('cpu');
    const before = backend.numDataIds();
    const attrs = { transposeA: false, transposeB: false, activation: 'relu' };
    fusedMatMul(inputs, attrs).dispose();
    expect(backend.numDataIds()).toBe(before);
    tf.dispose(inputs);
  });
});
