import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it, vi } from 'vitest';
import { composed, dotProductAttention, scoreHook, selectBackend } from './index.js';
import { canReadAtOnce } from './selections.js';

const engine = composed({ engine: 'cpu' });

/** The cpu engine, said to be read by promises alone. */
const byPromise = {
  ...engine,
  create: async () => ({ ...(await engine.create()), readsByPromise: true as const }),
};

it('where an engine is read by promises, neither pass of a composed form reads a tensor at once', async () => {
  const backend = await selectBackend(byPromise);
  expect(canReadAtOnce()).toBe(false);
  const x = tf.randomNormal<tf.Rank.R4>([1, 1, 4, 2], 0, 1, 'float32', 1);
  const table = tf.tensor1d([1, 2, 3, 4]);
  const hook = scoreHook(({ score, query }, { table }) => score.add(table.at(query)), { table });
  // Kernels of the cpu engine read what they compute with, which is no concern of core.
  const read = vi.spyOn(tf.Tensor.prototype, 'dataSync');
  const attend = (query: tf.Tensor): tf.Tensor =>
    dotProductAttention(query as tf.Tensor4D, x, x, { softCap: 2, scoreHook: hook }).context;
  tf.dispose([attend(x), tf.grad(attend)(x)]);
  expect(read).not.toHaveBeenCalled();
  read.mockRestore();
  tf.dispose([x, table]);
  await backend.dispose();
  expect(canReadAtOnce()).toBe(true);
});

it('TensorFlow.js’s own webgpu is read by promises, also by a backend that doesn’t say so', async () => {
  tf.registerBackend('webgpu', () => tf.findBackend('cpu'));
  const backend = await selectBackend(composed({ engine: 'webgpu' }));
  expect(canReadAtOnce()).toBe(false);
  await backend.dispose();
  await tf.setBackend('cpu');
  tf.removeBackend('webgpu');
  expect(canReadAtOnce()).toBe(true);
});
