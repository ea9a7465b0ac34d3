import { compileAhead, dotProductAttention, selectBackend } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, expect, it, vi } from 'vitest';
import { device, onDawn } from './on-dawn.js';

beforeEach(async () => void (await selectBackend(onDawn)));

const input = (time: number): tf.Tensor4D => tf.randomNormal([1, 2, time, 16], 0, 1, 'float32', 1);

/** Attention with its gradients by Heed's programs, then two of the engine's own. */
const learn = (x: tf.Tensor4D): tf.Tensor =>
  tf.tidy(() => {
    const attend = (query: tf.Tensor): tf.Tensor =>
      dotProductAttention(query as tf.Tensor4D, x, x, { causal: true }).context;
    return tf.atan(tf.add(tf.grad(attend)(x), 1));
  });

const compiled = () => vi.spyOn(device(), 'createComputePipeline');

it('what is compiled ahead is there when it is needed, and nothing else has changed', async () => {
  const x = input(40);
  const weight = tf.variable(tf.scalar(2));
  const before = tf.memory().numTensors;
  const atOnce = compiled();
  await compileAhead(() => {
    weight.assign(tf.sum(learn(x)));
    return tf.keep(x);
  });
  expect(tf.memory().numTensors).toBe(before);
  const gradients = await learn(x).data();
  expect(atOnce).not.toHaveBeenCalled();
  expect(await weight.data()).toEqual(Float32Array.of(2));
  expect(gradients.every((angle) => Math.abs(angle) < Math.PI / 2)).toBe(true);
  expect(new Set(gradients).size).toBeGreaterThan(gradients.length / 2);
  weight.dispose();
});

it('a program that is needed while it is compiled ahead is compiled at once', async () => {
  const x = tf.tensor1d([0, 0.5, 2]);
  const ahead = compileAhead(() => tf.asinh(x));
  expect(await tf.asinh(x).data()).toEqual(expect.objectContaining({ 0: 0, 1: expect.closeTo(Math.asinh(0.5), 6) }));
  await ahead;
});

it('what reads numbers, or returns later, is refused, and what follows is computed', async () => {
  const x = tf.tensor1d([1, 2, 3]);
  await expect(compileAhead(() => tf.cosh(x).dataSync())).rejects.toMatchObject({ code: 'SYNCHRONOUS_READ' });
  await expect(compileAhead(() => tf.cosh(x).data())).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  await expect(compileAhead(() => Promise.reject(new Error('later')))).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
  });
  expect((await tf.cosh(x).data())[2]).toBeCloseTo(Math.cosh(3), 4);
});

it('on a lost device nothing is compiled', async () => {
  const work = vi.fn();
  const { lost } = device();
  device().destroy();
  await lost;
  await expect(compileAhead(work)).rejects.toMatchObject({ code: 'CONTEXT_LOST' });
  expect(work).not.toHaveBeenCalled();
});
