import * as tf from '@tensorflow/tfjs-core';
import { webgl } from '@heed/backend-webgl';
import { selectBackend, type AttentionBackend } from '@heed/core';
import { afterAll, beforeAll, expect, it } from 'vitest';

const NUMBERS = [1e-30, 1e-12, 1e-7, 1e-5, 1e-3, 0.01, 0.1, 0.3, 0.624, 0.626, 1, 2, 5, 9, 10, 80].flatMap((x) => [
  x,
  -x,
]);

let backend: AttentionBackend;

beforeAll(async () => {
  backend = await selectBackend(webgl());
});
afterAll(() => backend.dispose());

it.each([[[32]], [[4, 8]], [[2, 4, 4]], [[1, 2, 4, 4]], [[32, 1]], [[2, 1, 16]]])(
  'the tanh of the engine is right for small numbers too, in shape [%s]',
  (shape) => {
    tf.tidy(() => {
      const x = tf.tensor(NUMBERS, shape);
      // The input is an uploaded tensor, then a result of an op of the engine, then a part of a tensor.
      for (const [input, of] of [
        [x, NUMBERS],
        [tf.add(x, 0), NUMBERS],
        [tf.matMul(tf.reshape(x, [4, 8]), tf.eye(8)), NUMBERS],
        [tf.slice(tf.reshape(x, [32]), 3, 11), NUMBERS.slice(3, 14)],
      ] as [tf.Tensor, number[]][]) {
        const y = tf.tanh(input);
        expect(y.shape).toEqual(input.shape);
        [...y.dataSync()].forEach((value, n) => {
          const exact = Math.tanh(Math.fround(of[n]));
          expect(Math.abs(value / exact - 1)).toBeLessThan(2 ** -21);
        });
      }
    });
  },
);

it('the tanh of nothing is nothing, and that of NaN is NaN', () => {
  tf.tidy(() => {
    expect(tf.tanh(tf.zeros([0, 3])).shape).toEqual([0, 3]);
    expect([...tf.tanh(tf.tensor([NaN, Infinity, -Infinity])).dataSync()]).toEqual([NaN, 1, -1]);
    expect(tf.tanh(tf.scalar(0.5)).dataSync()[0]).toBeCloseTo(Math.tanh(0.5), 6);
  });
});
