import { dotProductAttention, selectBackend, type AttentionBackend } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { wasm } from './wasm.js';

/** The error that assembly/vector.ts states for the exponentials of weights. */

let backend: AttentionBackend;

beforeAll(async () => {
  backend = await selectBackend(wasm({ threads: 1 }));
});
afterAll(() => backend.dispose());

/** Weights of the second of two keys, whose score is x where that of the first is 0. */
function weightsOf(x: Float32Array): Float32Array {
  return tf.tidy(() => {
    const key = tf.tensor4d([0, 1], [1, 1, 2, 1]);
    return dotProductAttention(tf.tensor4d(x, [1, 1, x.length, 1]), key, key, {
      scale: 1,
    }).context.dataSync() as Float32Array;
  });
}

test('weights are off by 2^−22 at most', () => {
  const x = Float32Array.from({ length: 50_000 }, (_, n) => -n / 500);
  let largest = 0;
  for (const [n, weight] of weightsOf(x).entries()) {
    largest = Math.max(largest, Math.abs(weight - 1 / (1 + Math.exp(-x[n]!))));
  }
  expect(largest).toBeLessThanOrEqual(2 ** -22);
  expect(largest).toBeGreaterThan(0); // it was compared with something
});

test('weights of equal scores are equal to the bit, and those of the lowest are 0', () => {
  const x = Float32Array.from([0, -0, -88.2, -1000, -3e38, -1, -2, -3]);
  const weights = weightsOf(x);
  expect([...weights.subarray(0, 5)]).toEqual([0.5, 0.5, 0, 0, 0]);
  expect(weights[5]).toBeGreaterThan(weights[6]!);
});
