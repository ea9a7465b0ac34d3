import { HeedError, dotProductAttention, padding, selectBackend, type SelectedBackend } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, expect, it } from 'vitest';
import { device, onDawn } from './on-dawn.js';

const SHAPE: [number, number, number, number] = [1, 2, 9, 16];
const numbers = Float32Array.from({ length: tf.util.sizeFromShape(SHAPE) }, (_, n) => Math.sin(n));

let backend: SelectedBackend;
let input: tf.Tensor4D;
beforeEach(async () => {
  backend = await selectBackend(onDawn);
  input = tf.tensor4d(numbers, SHAPE);
});

function attend(x: tf.Tensor): tf.Tensor {
  const self = x as tf.Tensor4D;
  return dotProductAttention(self, self, self, { causal: true }).context;
}

async function expectCode(code: string, run: () => unknown): Promise<void> {
  const outcome: unknown = await Promise.resolve()
    .then(run)
    .catch((error: unknown) => error);
  expect(HeedError.isInstance(outcome) ? outcome.code : outcome).toBe(code);
}

it('a lost device: reads and ops throw, and the backend selected again gives the same bits', async () => {
  const before = await attend(input).data();
  expect(before.some((x) => x !== 0)).toBe(true);
  const lost = attend(input);
  device().destroy();
  await expectCode('CONTEXT_LOST', () => lost.data());
  await expectCode('CONTEXT_LOST', () => lost.dataSync());
  await expectCode('CONTEXT_LOST', () => tf.mul(lost, 2).data());
  backend = await selectBackend(onDawn);
  expect(await attend(tf.tensor4d(numbers, SHAPE)).data()).toEqual(before);
});

it('a read that is under way when the device is lost throws', async () => {
  const reading = attend(input).data();
  device().destroy();
  await expectCode('CONTEXT_LOST', () => reading);
});

it('a command that the device refuses: reads throw until the backend is selected again', async () => {
  const right = attend(input);
  device().createShaderModule({ code: 'fn not wgsl' });
  await expectCode('DEVICE_ERROR', () => right.data());
  await expectCode('DEVICE_ERROR', () => right.data());
  backend = await selectBackend(onDawn);
  expect((await attend(tf.tensor4d(numbers, SHAPE)).data()).length).toBe(numbers.length);
});

it('a buffer of more than a buffer may have', async () => {
  const right = attend(input);
  device().createBuffer({ size: device().limits.maxBufferSize * 64, usage: GPUBufferUsage.STORAGE });
  await expectCode('DEVICE_ERROR', () => right.data());
});

it('selecting the backend again where nothing failed keeps what is on the GPU', async () => {
  const context = attend(input);
  await backend.dispose();
  backend = await selectBackend(onDawn);
  expect(await context.data()).toHaveLength(numbers.length);
});

it('numbers that only the GPU has are not read at once, and afterwards they are', async () => {
  const context = attend(input);
  await expectCode('SYNCHRONOUS_READ', () => context.dataSync());
  const read = await context.data();
  expect(context.dataSync()).toEqual(read);
});

it('lengths may be a tensor that was on the GPU', async () => {
  const lengths = tf.tensor1d([4], 'int32');
  await tf.add(tf.zeros([1024], 'int32'), lengths).data(); // too long for the host, so lengths are uploaded
  const { context } = dotProductAttention(input, input, input, { mask: padding(lengths) });
  const known = dotProductAttention(input, input, input, { mask: padding([4]) });
  expect(await context.data()).toEqual(await known.context.data());
});
