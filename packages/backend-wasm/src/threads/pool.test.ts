import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { dotProductAttention, additiveAttention, selectBackend, type AttentionBackend } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs'; // gradients of TensorFlow.js's own ops
import { expect, test } from 'vitest';
import { wasm, type WasmOptions } from '../wasm.js';

async function withBackend<T>(options: WasmOptions, use: (backend: AttentionBackend) => T | Promise<T>): Promise<T> {
  const backend = await selectBackend(wasm(options));
  try {
    return await use(backend);
  } finally {
    await backend.dispose();
  }
}

/** Outputs and gradients, as numbers. */
function results(): Float32Array[] {
  return tf.tidy(() => {
    const random = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, 'float32', seed);
    const [q, k, v] = [random([2, 6, 100, 24], 1), random([2, 3, 150, 24], 2), random([2, 3, 150, 40], 3)];
    const dot = tf.grads(
      (q, k, v) => dotProductAttention(q as tf.Tensor4D, k as tf.Tensor4D, v as tf.Tensor4D).context,
    );
    const [aq, ak, av] = [random([5, 30, 20], 4), random([5, 40, 20], 5), random([5, 40, 16], 6)];
    const vector = random([20], 7);
    const additive = tf.grads(
      (q, k, u, v) => additiveAttention(q as tf.Tensor3D, k as tf.Tensor3D, u as tf.Tensor1D, v as tf.Tensor3D).context,
    );
    const { context } = dotProductAttention(q as tf.Tensor4D, k as tf.Tensor4D, v as tf.Tensor4D);
    return [context, ...dot([q, k, v]), ...additive([aq, ak, vector, av])].map(
      (tensor) => tensor.dataSync() as Float32Array,
    );
  });
}

const bytesOf = ({ buffer }: Float32Array): Buffer => Buffer.from(buffer);

test('threads give the bits that one gives, whoever computes what', async () => {
  const one = await withBackend({ threads: 1 }, results);
  await withBackend({ threads: 3, threadsFrom: 0 }, async ({ capabilities }) => {
    expect(capabilities.threads).toBe(3);
    for (let round = 0; round < 20; round++) {
      // The first rounds run before the threads are there.
      if (round === 10) await new Promise((resolve) => setTimeout(resolve, 300));
      for (const [n, array] of results().entries()) expect(bytesOf(array).equals(bytesOf(one[n]!))).toBe(true);
    }
  });
});

test('threads take part', async () => {
  const time = async (threads: number): Promise<number> =>
    withBackend({ threads }, async () => {
      const x = tf.randomNormal([1, 8, 512, 64]) as tf.Tensor4D;
      const run = (): number => {
        const start = performance.now();
        tf.dispose(tf.tidy(() => dotProductAttention(x, x, x).context));
        return performance.now() - start;
      };
      for (let n = 0; n < 5; n++) run();
      await new Promise((resolve) => setTimeout(resolve, 300));
      const best = Math.min(...Array.from({ length: 20 }, run));
      x.dispose();
      return best;
    });
  const [one, two] = [await time(1), await time(2)];
  expect(two).toBeLessThan(0.9 * one);
});

test('a pool doesn’t keep the process alive', async () => {
  const script = `
    import { dotProductAttention, selectBackend } from '@heed/core';
    import { wasm } from '@heed/backend-wasm';
    import * as tf from '@tensorflow/tfjs-core';
    await selectBackend(wasm({ threads: 2, threadsFrom: 0 }));
    const x = tf.ones([1, 2, 8, 8]);
    for (let n = 0; n < 3; n++) {
      console.log(dotProductAttention(x, x, x).context.dataSync()[0]);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    timeout: 20_000,
  });
  expect(stdout.trim().split('\n')).toEqual(['1', '1', '1']);
}, 30_000);
