import { selectBackend, type AttentionBackend } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wasm } from './wasm.js';

let backend: AttentionBackend;

beforeAll(async () => {
  backend = await selectBackend(wasm());
});
afterAll(() => backend.dispose());

/** 0, 1, 2, … */
function counting(shape: readonly number[], dtype: 'float32' | 'int32' | 'bool' = 'float32'): tf.Tensor {
  const size = tf.util.sizeFromShape([...shape]);
  return tf.tensor(
    Array.from({ length: size }, (_, n) => (dtype === 'bool' ? n % 2 : n)),
    [...shape],
    dtype,
  );
}

/** The flat places of a slice. */
function places(shape: readonly number[], begin: readonly number[], size: readonly number[]): number[] {
  return shape.reduce<number[]>(
    (flat, length, axis) =>
      flat.flatMap((at) => Array.from({ length: size[axis] }, (_, k) => at * length + begin[axis] + k)),
    [0],
  );
}

describe('slice', () => {
  test.each([
    [[5], [1], [3]],
    [
      [4, 6],
      [1, 0],
      [2, 6],
    ],
    [
      [4, 6],
      [0, 2],
      [4, 3],
    ],
    [
      [4, 6],
      [3, 5],
      [1, 1],
    ],
    [
      [3, 4, 5],
      [1, 1, 0],
      [2, 2, 5],
    ],
    [
      [3, 4, 5],
      [0, 1, 2],
      [3, 3, 2],
    ],
    [
      [2, 3, 4, 5],
      [1, 0, 2, 1],
      [1, 3, 2, 3],
    ],
    [
      [2, 3, 2, 3, 2],
      [0, 1, 0, 1, 0],
      [2, 2, 1, 2, 2],
    ],
    [
      [4, 6],
      [2, 3],
      [0, 3],
    ],
  ])('of %j from %j, %j', (shape, begin, size) => {
    for (const dtype of ['float32', 'int32'] as const) {
      tf.tidy(() => {
        const part = tf.slice(counting(shape, dtype), begin, size);
        expect(part.shape).toEqual(size);
        expect(part.dtype).toBe(dtype);
        expect([...part.dataSync()]).toEqual(places(shape, begin, size));
      });
    }
  });

  test('to the end, of booleans, and outside', () => {
    tf.tidy(() => {
      expect([...tf.slice(counting([2, 3]), 1).dataSync()]).toEqual([3, 4, 5]);
      expect([...tf.slice(counting([4], 'bool'), 1, 2).dataSync()]).toEqual([1, 0]);
      expect(() => tf.slice(counting([2, 3]), [1, 1], [1, 3])).toThrow();
    });
  });
});

test.each([0, 1, 2, -1])('unstack and split along axis %i', (axis) => {
  tf.tidy(() => {
    const x = counting([2, 4, 6]);
    const along = (axis + 3) % 3;
    const at = (start: number, count: number) =>
      places(x.shape, [0, 0, 0].with(along, start), x.shape.with(along, count) as number[]);
    const pieces = tf.unstack(x, axis);
    expect(pieces).toHaveLength(x.shape[along]);
    pieces.forEach((piece, n) => {
      expect(piece.shape).toEqual(x.shape.toSpliced(along, 1));
      expect([...piece.dataSync()]).toEqual(at(n, 1));
    });
    tf.split(x, 2, axis).forEach((half, n) => {
      const count = x.shape[along] / 2;
      expect(half.shape).toEqual(x.shape.with(along, count));
      expect([...half.dataSync()]).toEqual(at(n * count, count));
    });
    const [first, rest] = tf.split(x, [1, -1], axis) as [tf.Tensor, tf.Tensor];
    expect([...first.dataSync()]).toEqual(at(0, 1));
    expect([...rest.dataSync()]).toEqual(at(1, x.shape[along] - 1));
  });
});

describe('gather', () => {
  test('rows by number, of any shape', () => {
    tf.tidy(() => {
      const table = counting([3, 2]);
      const rows = tf.gather(table, tf.tensor2d([2, 0, 2, 1], [2, 2], 'int32'));
      expect(rows.arraySync()).toEqual([
        [
          [4, 5],
          [0, 1],
        ],
        [
          [4, 5],
          [2, 3],
        ],
      ]);
      expect(tf.gather(table, tf.tensor1d([], 'int32')).shape).toEqual([0, 2]);
      expect(tf.gather(table, tf.tensor1d([1, 0], 'int32'), 1).arraySync()).toEqual([
        [1, 0],
        [3, 2],
        [5, 4],
      ]);
    });
  });

  test('rows that aren’t there are refused', () => {
    tf.tidy(() => {
      expect(() => tf.gather(counting([3, 2]), tf.tensor1d([3], 'int32'))).toThrow('3');
      expect(() => tf.gather(counting([3, 2]), tf.tensor1d([-1], 'int32'))).toThrow('-1');
    });
  });
});

test('a clone outlives its original, and nothing is left of both', () => {
  const { numTensors, numDataBuffers } = tf.memory();
  const x = counting([4]);
  const clone = tf.clone(x);
  expect(tf.memory().numDataBuffers).toBe(numDataBuffers + 1);
  x.dispose();
  tf.fill([4], 7).dispose(); // takes the place of what was freed
  expect([...clone.dataSync()]).toEqual([0, 1, 2, 3]);
  clone.dispose();
  expect(tf.memory()).toMatchObject({ numTensors, numDataBuffers });
});
