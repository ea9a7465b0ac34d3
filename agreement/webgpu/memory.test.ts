import { dotProductAttention, selectBackend } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { onDawn } from './on-dawn.js';

interface Memory {
  readonly numTensors: number;
  readonly numDataBuffers: number;
  readonly numBytesInGPU: number;
  readonly numBytesAllocatedInGPU: number;
}

/** Waits until the GPU has done what it was told. */
async function settle(x: tf.Tensor): Promise<void> {
  const more = tf.add(x, 1);
  await more.data();
  more.dispose();
}

it('thousands of ops leave memory where it was: buffers return to the pool, and are taken from it again', async () => {
  const backend = await selectBackend(onDawn);
  const x = tf.randomNormal<tf.Rank.R4>([1, 2, 33, 8], 0, 1, 'float32', 1);
  const mask = tf.tensor(new Uint8Array(33 * 33).fill(1), [33, 33], 'bool');
  const step = (): void =>
    tf.tidy(() => {
      const attend = (query: tf.Tensor): tf.Tensor =>
        dotProductAttention(query, x, x, { causal: true, mask, returnWeights: true }).context;
      tf.grad(attend)(x);
    });
  const steps = async (count: number): Promise<Memory> => {
    for (let n = 0; n < count; n++) {
      step();
      // So that the GPU keeps up, as in a training.
      if (n % 20 === 19) await settle(x);
    }
    return tf.memory() as unknown as Memory;
  };
  const before = await steps(40);
  const after = await steps(400);
  expect(after).toMatchObject({ numTensors: before.numTensors, numDataBuffers: before.numDataBuffers });
  expect(after.numBytesInGPU).toBe(before.numBytesInGPU);
  expect(after.numBytesAllocatedInGPU).toBe(before.numBytesAllocatedInGPU);
  await backend.dispose();
});
