import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { dotProductAttention, additiveAttention, selectBackend, type AttentionBackend } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs'; // gradients of TensorFlow.js's own ops
import { expect, test } from 'vitest';
import { loadModule, type Kernels } from '../wasm-module.js';
import { wasm, type WasmOptions } from '../wasm.js';
import { ownHeap } from './own-heap.js';
import { createPool } from './pool.js';

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
      for (const [n, array] of results().entries()) expect(bytesOf(array).equals(bytesOf(one[n]))).toBe(true);
    }
  });
});

test('threads take what the caller leaves', async () => {
  const { memory } = ownHeap();
  // A request of no queries, which threads are done with at once.
  const request = 64;
  new Int32Array(memory.buffer, request).set([1, 1], 2); // heads and key heads
  const own: number[] = [];
  const slow = {
    forward: (...[, , , unit]: number[]) => {
      own.push(unit!);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30);
    },
  } as unknown as Kernels;
  const pool = createPool(slow, await loadModule('simd-threads'), memory, 2);
  const run = (): void => pool.run({ backward: false, units: 40, parts: 1, request, scratch: 4096, stride: 4096 });
  try {
    run();
    await new Promise((resolve) => setTimeout(resolve, 500));
    own.length = 0;
    run();
    expect(own.length).toBeLessThan(40);
    expect(own).toEqual(own.toSorted((a, b) => a - b));
  } finally {
    pool.dispose();
  }
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
});
