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

describe('join', () => {
  const x = (): tf.Tensor3D => counting([2, 3, 2]) as tf.Tensor3D;
  const at = (array: Float32Array | Int32Array, ...index: readonly [number, number, number]): number =>
    array[(index[0] * 3 + index[1]) * 2 + index[2]]!;

  test.each([0, 1, 2, -1])('concat along axis %i', (axis) => {
    tf.tidy(() => {
      const along = (axis + 3) % 3;
      const y = tf.concat(
        [x(), tf.neg(x()), tf.zeros(along === 1 ? [2, 0, 2] : [0, 3, 2].with(along, 0))].slice(0, along === 1 ? 3 : 2),
        axis,
      );
      const shape = [2, 3, 2].with(along, 2 * [2, 3, 2][along]!);
      expect(y.shape).toEqual(shape);
      const [from, to] = [x().dataSync(), y.dataSync()];
      to.forEach((value, n) => {
        const index = [Math.floor(n / (shape[1]! * shape[2]!)), Math.floor(n / shape[2]!) % shape[1]!, n % shape[2]!];
        const size = [2, 3, 2][along]!;
        const sign = index[along]! < size ? 1 : -1;
        index[along]! %= size;
        expect(value === sign * at(from as Float32Array, ...(index as [number, number, number]))).toBe(true);
      });
    });
  });

  test.each([0, 1, 2, 3, -1, -2])('stack at axis %i', (axis) => {
    tf.tidy(() => {
      const along = (axis + 4) % 4;
      const y = tf.stack([x(), tf.neg(x())], axis);
      expect(y.shape).toEqual([2, 3, 2].toSpliced(along, 0, 2));
      const [first, second] = tf.unstack(y, along);
      expect(first!.dataSync()).toEqual(x().dataSync());
      expect(second!.dataSync()).toEqual(tf.neg(x()).dataSync());
    });
  });

  test('parts of several dtypes, and bools, are the engine’s', () => {
    tf.tidy(() => {
      const bools = counting([4], 'bool') as tf.Tensor1D;
      expect([...tf.concat([bools, bools]).dataSync()]).toEqual([0, 1, 0, 1, 0, 1, 0, 1]);
      expect(tf.stack([bools, bools], -1).shape).toEqual([4, 2]);
    });
  });

  test.each([
    [[0, 1, 2], true],
    [[1, 0, 2], false],
    [[2, 1, 0], false],
  ] as const)('transpose by %j', (perm, shares) => {
    tf.tidy(() => {
      const plain = x();
      const y = tf.transpose(plain, [...perm]);
      expect(y.shape).toEqual(perm.map((axis) => plain.shape[axis]));
      y.dataSync().forEach((value, n) => {
        const [, b, c] = y.shape;
        const index = [Math.floor(n / (b! * c!)), Math.floor(n / c!) % b!, n % c!];
        const from = perm.map((_, axis) => index[perm.indexOf(axis as 0)]!);
        expect(value).toBe(at(plain.dataSync() as Float32Array, ...(from as unknown as [number, number, number])));
      });
      expect(shares).toBe(y.dataId === plain.dataId);
      const thin = tf.reshape(plain, [1, 6, 1, 2]);
      const moved = tf.transpose(thin, [1, 0, 3, 2]);
      expect(moved.shape).toEqual([6, 1, 2, 1]);
      expect(moved.dataSync()).toEqual(plain.dataSync());
    });
  });

  test.each([
    { shape: [2, 5, 3, 8], perm: [0, 2, 1, 3] },
    { shape: [2, 5, 3, 7], perm: [0, 2, 1, 3] },
    { shape: [3, 9, 6], perm: [0, 2, 1] },
    { shape: [11, 13], perm: [1, 0] },
    { shape: [8, 4], perm: [1, 0] },
    { shape: [2, 3, 4, 5], perm: [2, 3, 0, 1] },
    { shape: [2, 1, 3, 4, 2], perm: [3, 1, 0, 2, 4] },
    { shape: [2, 3, 4], perm: [2, 1, 0] },
    { shape: [2, 3, 4, 5], perm: [0, 3, 2, 1] },
    { shape: [3, 0, 2], perm: [1, 0, 2] },
  ])('transpose $shape by $perm, in both dtypes', ({ shape, perm }) => {
    tf.tidy(() => {
      for (const dtype of ['float32', 'int32'] as const) {
        const plain = counting(shape, dtype);
        const y = tf.transpose(plain, perm);
        const strides = [...tf.util.computeStrides(shape), 1];
        const expected = places(
          y.shape,
          shape.map(() => 0),
          y.shape,
        ).map((flat) => {
          let rest = flat;
          let from = 0;
          for (let axis = perm.length - 1; axis >= 0; axis--) {
            from += (rest % y.shape[axis]!) * strides[perm[axis]!]!;
            rest = Math.floor(rest / y.shape[axis]!);
          }
          return from;
        });
        expect(y.dtype).toBe(dtype);
        expect(y.shape).toEqual(perm.map((axis) => shape[axis]));
        expect([...y.dataSync()]).toEqual(expected);
      }
    });
  });

  test('zeros like another', () => {
    tf.tidy(() => {
      expect([...tf.zerosLike(x()).dataSync()]).toEqual(Array(12).fill(0));
      expect(tf.zerosLike(counting([3], 'int32')).dtype).toBe('int32');
    });
  });
});
