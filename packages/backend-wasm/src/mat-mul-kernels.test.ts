import { selectBackend, type AttentionBackend } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wasm } from './wasm.js';

let backend: AttentionBackend;

beforeAll(async () => {
  backend = await selectBackend(wasm());
});
afterAll(() => backend.dispose());

/** Whole numbers: sums are exact in float32, so any order of adding gives the same bits. */
function whole(shape: readonly number[], seed: number): tf.Tensor {
  return tf.tensor(
    Float32Array.from({ length: shape.reduce((size, n) => size * n, 1) }, (_, n) => ((n * 7919 + seed * 31) % 17) - 8),
    [...shape],
  );
}

/** Nested loops over the broadcast batch. */
function reference(a: tf.Tensor, b: tf.Tensor, transposeA: boolean, transposeB: boolean): number[] {
  const [aValues, bValues] = [a.dataSync(), b.dataSync()];
  const [rows, depth] = transposeA ? [a.shape.at(-1)!, a.shape.at(-2)!] : [a.shape.at(-2)!, a.shape.at(-1)!];
  const columns = transposeB ? b.shape.at(-2)! : b.shape.at(-1)!;
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const matrixOf = (shape: number[], place: number): number => {
    let [index, rest, stride] = [0, place, 1];
    const own = [...Array<number>(batch.length + 2 - shape.length).fill(1), ...shape.slice(0, -2)];
    for (let axis = batch.length - 1; axis >= 0; axis--) {
      if (own[axis] !== 1) index += (rest % batch[axis]) * stride;
      rest = Math.floor(rest / batch[axis]);
      stride *= own[axis];
    }
    return index;
  };
  const out: number[] = [];
  for (let p = 0; p < batch.reduce((size, n) => size * n, 1); p++) {
    const aStart = matrixOf(a.shape, p) * rows * depth;
    const bStart = matrixOf(b.shape, p) * depth * columns;
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        let sum = 0;
        for (let k = 0; k < depth; k++) {
          const x = aValues[aStart + (transposeA ? k * rows + i : i * depth + k)];
          sum += x * bValues[bStart + (transposeB ? j * depth + k : k * columns + j)];
        }
        out.push(sum);
      }
    }
  }
  return out;
}

const flags = [
  [false, false],
  [false, true],
  [true, false],
  [true, true],
] as const;

describe.each(flags)('transposeA %s, transposeB %s', (transposeA, transposeB) => {
  const sizes = [1, 3, 4, 8, 9, 33];
  test('every remainder of the tile’s sizes', () => {
    for (const rows of sizes) {
      for (const columns of sizes) {
        for (const depth of [1, 2, 7, 64]) {
          tf.tidy(() => {
            const a = whole(transposeA ? [depth, rows] : [rows, depth], 1);
            const b = whole(transposeB ? [columns, depth] : [depth, columns], 2);
            const product = tf.matMul(a, b, transposeA, transposeB);
            expect([...product.dataSync()], `${[rows, columns, depth]}`).toEqual(
              reference(a, b, transposeA, transposeB),
            );
          });
        }
      }
    }
  });

  test.each([
    [300, 1030],
    [515, 7],
    [37, 770],
    [8, 9],
  ])('a row of %i numbers comes out to the same bits alone, among few and among many: %i columns', (depth, columns) => {
    tf.tidy(() => {
      const [a, b] = [
        tf.randomNormal([depth, 20], 0, 1, 'float32', 5),
        tf.randomNormal([depth, columns], 0, 1, 'float32', 6),
      ];
      const bias = tf.randomNormal([columns], 0, 1, 'float32', 7) as tf.Tensor1D;
      const stored = transposeB ? tf.transpose(b) : b;
      const ofRows = (from: number, count: number): number[] => {
        const some = tf.slice(a, [0, from], [depth, count]);
        const rows = (transposeA ? some : tf.transpose(some)) as tf.Tensor2D;
        return [...tf.fused.matMul({ a: rows, b: stored as tf.Tensor2D, transposeA, transposeB, bias }).dataSync()];
      };
      const all = ofRows(0, 20);
      for (const count of [1, 2, 3, 4, 5, 11, 16]) {
        expect(ofRows(3, count), `${count} rows`).toEqual(all.slice(3 * columns, (3 + count) * columns));
      }
    });
  });

  test.each([
    [1, 1030, 300],
    [4, 515, 7],
    [2, 37, 770],
    [4, 7000, 6],
    [11, 1100, 6],
    [30, 300, 520],
    [230, 270, 290],
  ])('several blocks of %i rows, %i columns and a depth of %i', (rows, columns, depth) => {
    tf.tidy(() => {
      const a = whole(transposeA ? [depth, rows] : [rows, depth], 1);
      const b = whole(transposeB ? [columns, depth] : [depth, columns], 2);
      const bias = whole([columns], 3) as tf.Tensor1D;
      const expected = reference(a, b, transposeA, transposeB);
      expect([...tf.matMul(a, b, transposeA, transposeB).dataSync()]).toEqual(expected);
      const shifts = bias.dataSync();
      expect([
        ...tf.fused.matMul({ a: a as tf.Tensor2D, b: b as tf.Tensor2D, transposeA, transposeB, bias }).dataSync(),
      ]).toEqual(expected.map((x, n) => x + shifts[n % columns]));
    });
  });

  test.each([
    [[2], [2]],
    [[3], [1]],
    [[1], [3]],
    [
      [2, 1],
      [1, 3],
    ],
    [[2, 3], [3]],
    [[], [2, 2]],
  ])('batches %j and %j', (aBatch, bBatch) => {
    tf.tidy(() => {
      const a = whole([...aBatch, ...(transposeA ? [5, 6] : [6, 5])], 3);
      const b = whole([...bBatch, ...(transposeB ? [9, 5] : [5, 9])], 4);
      const product = tf.matMul(a, b, transposeA, transposeB);
      expect([...product.dataSync()]).toEqual(reference(a, b, transposeA, transposeB));
    });
  });
});

describe('tf.fused.matMul', () => {
  const expected = (a: tf.Tensor, b: tf.Tensor, bias: number[], activate: (x: number) => number): number[] =>
    reference(a, b, false, false).map((x, n) => activate(x + bias[n % bias.length]));

  test('bias and activations', () => {
    tf.tidy(() => {
      const [a, b] = [whole([5, 7], 1) as tf.Tensor2D, whole([7, 6], 2) as tf.Tensor2D];
      const bias = [1, -2, 3, -4, 5, -6];
      const run = (options: object): number[] => [
        ...tf.fused.matMul({ a, b, bias: tf.tensor(bias), ...options }).dataSync(),
      ];
      expect(run({})).toEqual(expected(a, b, bias, (x) => x));
      expect(run({ activation: 'relu' })).toEqual(expected(a, b, bias, (x) => Math.max(0, x)));
      expect(run({ activation: 'relu6' })).toEqual(expected(a, b, bias, (x) => Math.min(6, Math.max(0, x))));
      expect(run({ activation: 'leakyrelu', leakyreluAlpha: 0.5 })).toEqual(
        expected(a, b, bias, (x) => (x < 0 ? x / 2 : x)),
      );
      expect(run({ activation: 'prelu', preluActivationWeights: tf.scalar(0.25) })).toEqual(
        expected(a, b, bias, (x) => (x < 0 ? x / 4 : x)),
      );
      run({ activation: 'sigmoid' }).forEach((x, n) =>
        expect(x).toBeCloseTo(expected(a, b, bias, (y) => 1 / (1 + Math.exp(-y)))[n], 6),
      );
    });
  });

  test('a bias that isn’t one number a column', () => {
    tf.tidy(() => {
      const [a, b] = [whole([5, 7], 1) as tf.Tensor2D, whole([7, 6], 2) as tf.Tensor2D];
      const sum = tf.fused.matMul({ a, b, bias: tf.scalar(3) });
      expect([...sum.dataSync()]).toEqual(expected(a, b, [3], (x) => x));
    });
  });
});

test('int32 keeps the engine’s answer, and empty products are empty', () => {
  tf.tidy(() => {
    expect(tf.matMul(tf.zeros([0, 3]), tf.zeros([3, 2])).shape).toEqual([0, 2]);
    const ints = tf.tensor([1, 2, 3, 4], [2, 2], 'int32');
    expect(() => tf.matMul(ints, ints)).toThrow('float32');
  });
});
