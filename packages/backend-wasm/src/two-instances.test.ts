import { selectBackend } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { ENGINE, openEngine } from './engine.js';
import { wasm } from './wasm.js';

test('kernels of the engine find what replaced ones had set up, also when there is a second instance', async () => {
  const second = 'wasm-second';
  await openEngine();
  tf.registerBackend(second, tf.findBackendFactory(ENGINE));
  tf.copyRegisteredKernels(ENGINE, second);
  const backend = await selectBackend([wasm({ threads: 1 })]);
  // The engine's kernel for sums transposes by a function that the one for transposing sets up, which the backend replaces.
  const sums = (): number[] => tf.tidy(() => [...tf.sum(tf.tensor2d([1, 2, 3, 4], [2, 2]), 0).dataSync()]);
  for (const engineName of [second, ENGINE, second, ENGINE]) {
    await tf.setBackend(engineName);
    expect(sums(), engineName).toEqual([4, 6]);
  }
  await backend.dispose();
  tf.removeBackend(second);
});
