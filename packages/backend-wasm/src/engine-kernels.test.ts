import '@tensorflow/tfjs'; // gradients of TensorFlow.js's own ops
import { selectBackend, type AttentionBackend } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wasm } from './wasm.js';

let backend: AttentionBackend;

beforeAll(async () => {
  backend = await selectBackend(wasm());
});
afterAll(() => backend.dispose());

describe.each([
  ['tanh', tf.tanh, Math.tanh],
  ['sigmoid', tf.sigmoid, (x: number) => 1 / (1 + Math.exp(-x))],
] as const)('%s', (_name, op, exact) => {
  test.each([1e-30, 1e-12, 1e-7, 1e-5, 1e-3, 0.1, 0.624, 0.626, 1, 5, 9, 10, 80])(
    'of ±%d is right to 3 ulps',
    (size) => {
      for (const x of [size, -size]) {
        const [y] = tf.tidy(() => op(tf.tensor1d([x])).dataSync());
        expect(Math.abs(y! / exact(Math.fround(x)) - 1)).toBeLessThan(3 * 2 ** -23);
      }
    },
  );
});

describe('unsortedSegmentSum', () => {
  test.each(['float32', 'int32'] as const)('sums rows of %s by id, and leaves others out', (dtype) => {
    tf.tidy(() => {
      const x = tf.tensor(
        Array.from({ length: 30 }, (_, n) => n),
        [6, 5],
        dtype,
      );
      const ids = tf.tensor1d([2, 0, 2, -1, 4, 0], 'int32');
      const sums = tf.unsortedSegmentSum(x, ids, 4);
      expect(sums.dtype).toBe(dtype);
      expect(sums.arraySync()).toEqual([
        [30, 32, 34, 36, 38],
        [0, 0, 0, 0, 0],
        [10, 12, 14, 16, 18],
        [0, 0, 0, 0, 0],
      ]);
    });
  });

  test('is what the gradient of an embedding needs', () => {
    tf.tidy(() => {
      const table = tf.ones([3, 2]);
      const gradient = tf.grad((x) => tf.sum(tf.gather(x, tf.tensor1d([1, 1, 0], 'int32'))))(table);
      expect(gradient.arraySync()).toEqual([
        [1, 1],
        [2, 2],
        [0, 0],
      ]);
    });
  });

  test('bad input is refused', () => {
    tf.tidy(() => {
      const ids = tf.tensor1d([0, 1, 0], 'int32');
      expect(() => tf.unsortedSegmentSum(tf.zeros([2, 2]), ids, 2)).toThrow('segmentIds have shape [3]');
      expect(() => tf.unsortedSegmentSum(tf.zeros([3], 'bool'), ids, 2)).toThrow('bool');
    });
  });
});

test('softmax over the last axis, of any width', () => {
  for (const width of [1, 3, 4, 7, 66]) {
    tf.tidy(() => {
      const x = Array.from({ length: 2 * width }, (_, n) => ((n * 37) % 11) - 90 * (n % 2));
      const rows = [x.slice(0, width), x.slice(width)];
      const expected = rows.flatMap((row) => {
        const top = Math.max(...row);
        const sum = row.reduce((total, value) => total + Math.exp(value - top), 0);
        return row.map((value) => Math.exp(value - top) / sum);
      });
      const got = tf.softmax(tf.tensor(x, [2, width])).dataSync();
      expected.forEach((value, n) => expect(Math.abs(got[n] - value)).toBeLessThan(3e-7));
    });
  }
});

test('empty tensors', () => {
  tf.tidy(() => {
    expect(tf.tanh(tf.zeros([0, 3])).shape).toEqual([0, 3]);
    expect(tf.sigmoid(tf.zeros([2, 0])).shape).toEqual([2, 0]);
    expect(tf.softmax(tf.zeros([2, 0])).shape).toEqual([2, 0]);
  });
});
