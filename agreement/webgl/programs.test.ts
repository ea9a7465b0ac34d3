import { webgl } from '@heed/backend-webgl';
import {
  additiveAttention,
  dotProductAttention,
  linearAttention,
  maskHook,
  scoreHook,
  selectBackend,
  weightHook,
  type HookOptions,
} from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test, vi } from 'vitest';

/**
 * Counts the backend's programs. Those of the engine itself, which move tensors to the GPU and back and are compiled for every shape,
 * don't count.
 */
function countPrograms(): { readonly compiled: () => number; readonly stop: () => void } {
  const shaders = vi.spyOn(WebGL2RenderingContext.prototype, 'shaderSource');
  return {
    compiled: () => shaders.mock.calls.filter(([, source]) => source.includes('void compute(')).length,
    stop: () => shaders.mockRestore(),
  };
}

/**
 * Lengths that a sequence grows to: of each remainder by 4, which texels divide by, and one that is far off. Each costs a dozen programs of
 * the engine's own, which belong to shapes.
 */
const GROWN = [41, 42, 43, 44, 59];

test('a sequence that grows compiles nothing again', async () => {
  const backend = await selectBackend(webgl());
  const { compiled, stop } = countPrograms();
  const run = async (length: number): Promise<number> => {
    const before = compiled();
    const query = tf.ones<tf.Rank.R4>([1, 2, 1, 8]);
    const memory = tf.ones<tf.Rank.R4>([1, 2, length, 8]);
    const units = tf.ones<tf.Rank.R3>([1, length, 8]);
    const { context } = dotProductAttention(query, memory, memory, { causal: { align: 'bottom-right' } });
    const additive = additiveAttention(units, units, tf.ones([8]), units);
    expect((await context.data())[0]).toBeCloseTo(1);
    expect((await additive.context.data())[0]).toBeCloseTo(1);
    tf.dispose([query, memory, units, context, additive.context]);
    return compiled() - before;
  };
  expect(await run(40)).toBeGreaterThan(8);
  for (const length of GROWN) expect(await run(length)).toBe(0);
  stop();
  await backend.dispose();
});

/** Hooks of one structure, with a table that grows with the sequence. */
function hooksFor(length: number): { readonly hooks: HookOptions; readonly captures: tf.Tensor[] } {
  const rate = tf.ones<tf.Rank.R1>([2]);
  const table = tf.ones<tf.Rank.R2>([2, 2 * length]);
  const hooks = {
    scoreHook: scoreHook(
      ({ score, query, key, head, Tk }, captured) =>
        score.mul(captured.rate.at(head)).add(captured.table.at(head, query.sub(key).add(Tk))),
      { rate, table },
    ),
    maskHook: maskHook(({ query, key }) => query.ge(key)),
    weightHook: weightHook(({ weight, key, Tk }) => weight.mul(key.div(Tk))),
  };
  return { hooks, captures: [rate, table] };
}

test('nor does one with hooks that are made anew for each length, forward and backward', async () => {
  const backend = await selectBackend(webgl());
  const { compiled, stop } = countPrograms();
  const run = async (length: number): Promise<number> => {
    const before = compiled();
    const x = tf.randomNormal<tf.Rank.R4>([1, 2, length, 8]);
    const { hooks, captures } = hooksFor(length);
    const gradients = tf.grads((query) => dotProductAttention(query as tf.Tensor4D, x, x, hooks).context)([
      x,
      ...captures,
    ]);
    for (const gradient of gradients) expect((await gradient.data()).every(Number.isFinite)).toBe(true);
    tf.dispose([x, captures, gradients]);
    return compiled() - before;
  };
  expect(await run(40)).toBeGreaterThan(12);
  for (const length of GROWN) expect(await run(length)).toBe(0);
  stop();
  await backend.dispose();
});

test('nor does linear attention, with decays and the delta rule', async () => {
  const backend = await selectBackend(webgl());
  const { compiled, stop } = countPrograms();
  const run = async (length: number): Promise<number> => {
    const before = compiled();
    const x = tf.randomUniform<tf.Rank.R4>([1, 2, length, 8]);
    const logDecay = tf.mul(x, -0.1);
    const beta = tf.fill<tf.Rank.R3>([1, 2, length], 0.1);
    const gradients = tf.grads(
      (query, decay, strength) =>
        linearAttention(query as tf.Tensor4D, x, x, { logDecay: decay as tf.Tensor4D, beta: strength as tf.Tensor3D })
          .context,
    )([x, logDecay, beta]);
    for (const gradient of gradients) expect((await gradient.data()).every(Number.isFinite)).toBe(true);
    tf.dispose([x, logDecay, beta, gradients]);
    return compiled() - before;
  };
  expect(await run(40)).toBeGreaterThan(12);
  for (const length of GROWN) expect(await run(length)).toBe(0);
  stop();
  await backend.dispose();
});

test('memory grows with T: scores of 2 × 4096 × 4096 take a part of what they would whole', async () => {
  const backend = await selectBackend(webgl({ scratchBytes: 2 ** 22 }));
  const x = tf.randomNormal<tf.Rank.R4>([1, 2, 4096, 4]);
  const engine = tf.backend() as unknown as { readonly numBytesInGPU: number };
  const bytes: number[] = [];
  const watch = vi.spyOn(WebGL2RenderingContext.prototype, 'drawArrays').mockImplementation(function (
    this: WebGL2RenderingContext,
    ...args
  ) {
    bytes.push(engine.numBytesInGPU);
    return original.apply(this, args);
  });
  const { context } = dotProductAttention(x, x, x);
  watch.mockRestore();
  expect(Number.isFinite((await context.data())[0])).toBe(true);
  expect(bytes.length).toBeGreaterThan(100);
  expect(Math.max(...bytes)).toBeLessThan(2 ** 25); // whole: 2²⁷ bytes for one array of scores
  tf.dispose([x, context]);
  await backend.dispose();
});

const original = WebGL2RenderingContext.prototype.drawArrays;
