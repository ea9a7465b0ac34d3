import '@tensorflow/tfjs'; // registers the gradients of TensorFlow.js's own ops, which projections need
import * as tf from '@tensorflow/tfjs-core';
import { cpu } from '@heed/backend-cpu';
import { wasm } from '@heed/backend-wasm';
import {
  activeBackend,
  composed,
  HeedError,
  philox4x32,
  selectBackend,
  type AttentionBackend,
  type BackendFactory,
} from '@heed/core';
import { afterAll, beforeAll, expect } from 'vitest';

/** Everything is tested on the fallback and on the fused kernels. */
export const BACKENDS: readonly BackendFactory[] = [composed({ engine: 'cpu' }), cpu(), wasm()];

export function useBackend(factory: BackendFactory): void {
  let backend: AttentionBackend;
  beforeAll(async () => {
    backend = await selectBackend(factory);
    expect(activeBackend()?.name).toBe(factory.name);
  });
  afterAll(() => backend.dispose());
}

/** Reproducible numbers in (−1, 1), rounded to multiples of 2⁻¹² so that sums of a few are exact in float32. */
export function numbers(size: number, seed = 1): number[] {
  return Array.from({ length: size }, (_, n) => ((philox4x32([n, 0, 0, 99], [seed, 0])[0] >>> 19) - 4096) / 4096);
}

export function random<R extends tf.Rank>(shape: tf.ShapeMap[R], seed = 1): tf.Tensor<R> {
  return tf.tensor(numbers(tf.util.sizeFromShape(shape), seed), shape);
}

export const values = (tensor: tf.Tensor): number[] => Array.from(tensor.dataSync());

export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-5): void {
  expect(actual.length).toBe(expected.length);
  const worst = Array.from(actual).reduce(
    (worst, value, i) =>
      Math.abs(value - expected[i]) <= worst.error ? worst : { error: Math.abs(value - expected[i]), i },
    { error: 0, i: 0 },
  );
  // Written so that a NaN fails.
  if (!(worst.error <= tolerance)) {
    expect.fail(`differs by ${worst.error} at ${worst.i}: ${actual[worst.i]} instead of ${expected[worst.i]}`);
  }
}

/** Runs `f` and checks that it leaves as many tensors as it found, beside those that it returns for disposal. */
export function expectNoLeak(f: () => tf.TensorContainer): void {
  const before = tf.memory().numTensors;
  tf.dispose(f());
  expect(tf.memory().numTensors).toBe(before);
}

/** The code of the HeedError that `run` throws. */
export function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (HeedError.isInstance(error)) return error.code;
    throw error;
  }
  return 'no error';
}
