import { webgl } from '@heed/backend-webgl';
import { HeedError, dotProductAttention, selectBackend, type AttentionBackend } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, expect, it } from 'vitest';

const SHAPE: [number, number, number, number] = [1, 2, 33, 16];
const numbers = Float32Array.from({ length: tf.util.sizeFromShape(SHAPE) }, (_, n) => Math.sin(n));

let backend: AttentionBackend;
let input: tf.Tensor4D;
beforeEach(async () => {
  backend = await selectBackend(webgl());
  input = tf.tensor4d(numbers, SHAPE);
});
afterEach(() => backend.dispose());

function attend(x: tf.Tensor): tf.Tensor {
  const self = x as tf.Tensor4D;
  return dotProductAttention(self, self, self, { causal: true }).context;
}

/** Loses the context, as when a driver restarts; the page gets the event in a later task of the event loop. */
function loseContext(): void {
  const { gpgpu } = tf.backend() as unknown as { gpgpu: { gl: WebGL2RenderingContext } };
  gpgpu.gl.getExtension('WEBGL_lose_context')!.loseContext();
}

async function expectLost(run: () => unknown): Promise<void> {
  const outcome: unknown = await Promise.resolve()
    .then(run)
    .catch((error: unknown) => error);
  expect(HeedError.isInstance(outcome) ? outcome.code : outcome).toBe('CONTEXT_LOST');
}

it('reading a result throws, now and later', async () => {
  const [first, second] = [attend(input), attend(input)];
  loseContext();
  await expectLost(() => first.data());
  await expectLost(() => first.dataSync());
  await expectLost(() => second.dataSync());
  await expectLost(() => second.data());
  await new Promise((resolve) => setTimeout(resolve, 50));
  await expectLost(() => first.data());
});

it('a read that is under way throws', async () => {
  const reading = attend(input).data();
  loseContext();
  await expectLost(() => reading);
});

it('every op of Heed throws, and so does a gradient', async () => {
  await attend(input).data();
  loseContext();
  await expectLost(() => attend(input));
  await expectLost(() => tf.grad(attend)(input));
});

it('ops of TensorFlow.js give no numbers either', async () => {
  const context = attend(input);
  loseContext();
  await expectLost(() => tf.mul(context, 2).data());
  await expectLost(() => tf.sum(context).dataSync());
});

it('what had been read keeps its numbers', async () => {
  const context = attend(input);
  const read = (await context.data()).slice();
  loseContext();
  expect(await context.data()).toEqual(read);
});

it('the backend selected again, on the same page and as often as that happens, gives the same bits', async () => {
  const results = (x: tf.Tensor) => [attend(x), tf.grad(attend)(x)].map((tensor) => tensor.dataSync().slice());
  const before = results(input);
  expect(before[0].some((x) => x !== 0)).toBe(true);
  for (let times = 0; times < 2; times++) {
    const lost = attend(tf.tensor4d(numbers, SHAPE));
    loseContext();
    await expectLost(() => lost.data());
    await backend.dispose();
    backend = await selectBackend(webgl());
    expect(results(tf.tensor4d(numbers, SHAPE))).toEqual(before);
  }
});

it('with the backend selected again, what was lost stays lost', async () => {
  const lost = attend(input);
  loseContext();
  backend = await selectBackend(webgl());
  await expectLost(() => lost.data());
  await expectLost(() => lost.dataSync());
  await expectLost(() => attend(lost));
  await expectLost(() => tf.mul(lost, 2).dataSync());
});

it('nor does it give numbers when the old backend was disposed in between', async () => {
  const lost = attend(input);
  loseContext();
  await backend.dispose();
  backend = await selectBackend(webgl());
  await expect(lost.data()).rejects.toThrow(Error);
  expect(() => lost.dataSync()).toThrow(Error);
  expect(() => attend(lost)).toThrow(Error);
});
