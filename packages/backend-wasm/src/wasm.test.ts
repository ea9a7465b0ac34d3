import '@tensorflow/tfjs'; // gradients of TensorFlow.js's own ops
import {
  HeedError,
  NORMALIZERS,
  additiveAttention,
  composed,
  dotProductAttention,
  explain,
  selectBackend,
  weightedContext,
  type AttentionBackend,
} from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openEngine } from './engine.js';
import { wasm } from './wasm.js';

let backend: AttentionBackend;

beforeEach(async () => {
  backend = await selectBackend(wasm());
});
afterEach(() => backend.dispose());

type Shape = [number, number, number, number];
let seed = 0;
const random = (shape: Shape): tf.Tensor4D => tf.randomNormal(shape, 0, 1, 'float32', ++seed) as tf.Tensor4D;

test('dispose puts the engine’s kernels back', async () => {
  const replaced = backend.engineKernels!.map(({ kernelName }) => kernelName);
  expect(replaced).toEqual([...backend.capabilities.replaces]);
  for (const { kernelName, kernelFunc } of backend.engineKernels!) {
    expect(tf.getKernel(kernelName, 'wasm').kernelFunc).toBe(kernelFunc);
  }
  await backend.dispose();
  for (const { kernelName, kernelFunc } of backend.engineKernels!) {
    expect(tf.getKernel(kernelName, 'wasm')?.kernelFunc).not.toBe(kernelFunc);
  }
  expect(tf.getKernel('UnsortedSegmentSum', 'wasm')).toBeUndefined();
  expect(tf.getKernel('Tanh', 'wasm')).toBeDefined();
});

test('keep leaves kernels of the engine as they are', async () => {
  const own = backend.capabilities.replaces;
  const other = await selectBackend(wasm({ keep: ['Softmax'] }));
  expect(other.capabilities.replaces).toEqual(own.filter((name) => name !== 'Softmax'));
  await other.dispose();
  await expect(wasm({ keep: ['Softmacs'] }).create()).rejects.toMatchObject({ code: 'UNKNOWN_NAME' });
});

test('a window behind the last key leaves later queries nothing', () => {
  tf.tidy(() => {
    const [scores, value] = [random([1, 1, 300, 40]), random([1, 1, 40, 3])];
    const mask = { kind: 'slidingWindow', left: 8, right: 0, align: 'top-left' } as const;
    const { context, weights } = weightedContext(scores, value, { mask, returnWeights: true });
    const sums = tf.sum(weights, -1).dataSync();
    for (const [i, sum] of sums.entries()) expect(sum).toBeCloseTo(i - 8 < 40 ? 1 : 0, 5);
    expect(tf.sum(tf.abs(tf.slice(context, [0, 0, 48, 0]))).dataSync()[0]).toBe(0);
    const loss = (s: tf.Tensor): tf.Scalar => tf.sum(tf.square(weightedContext(s, value, { mask }).context));
    expect(tf.sum(tf.abs(tf.slice(tf.grad(loss)(scores), [0, 0, 48, 0]))).dataSync()[0]).toBe(0);
  });
});

test('what models use can be left out and is put back too', async () => {
  const model = backend.capabilities.replaces.filter((name) => name.startsWith('Heed'));
  expect(model).toEqual(expect.arrayContaining(['HeedLstmGates', 'HeedLstmGatesGrad', 'HeedCrossEntropy', 'HeedAdam']));
  const names = [...model, 'Einsum', 'Slice', 'SplitV', 'Unpack', 'GatherV2', 'Identity'];
  expect(backend.capabilities.replaces).toEqual(expect.arrayContaining(names));
  await backend.dispose();
  const own = names.map((name) => tf.getKernel(name, 'wasm')?.kernelFunc);
  expect(own.slice(0, -5).every((kernel) => kernel === undefined)).toBe(true); // the engine has no such kernels
  expect(own.slice(-5).every((kernel) => kernel !== undefined)).toBe(true);

  const other = await selectBackend(wasm({ keep: names }));
  expect(names.map((name) => tf.getKernel(name, 'wasm')?.kernelFunc)).toEqual(own);
  expect(other.capabilities.replaces).not.toContain('Slice');
  await other.dispose();
});

test('url loads the kernels from another folder', async () => {
  const other = await selectBackend(wasm({ url: new URL('../wasm', import.meta.url) }));
  expect(other.name).toBe('wasm');
  await other.dispose();
  await expect(wasm({ url: new URL('.', import.meta.url) }).create()).rejects.toThrow('ENOENT');
});

/** More than one block of queries and of keys, none of them whole. */
test.each(NORMALIZERS)('weightedContext with %s agrees with its composed form', async (normalizer) => {
  const [scores, value] = [random([1, 2, 70, 301]), random([1, 2, 301, 9])];
  const options = {
    normalizer,
    causal: { align: 'bottom-right' },
    returnWeights: true,
    dropout: { rate: 0.2, seed: 7 },
  } as const;
  const numbers = (): Promise<number[][]> => {
    const { context, weights } = weightedContext(scores, value, options);
    const loss = (s: tf.Tensor, v: tf.Tensor): tf.Scalar => {
      const outputs = weightedContext(s, v, options);
      return tf.add(tf.sum(tf.square(outputs.context)), tf.sum(tf.square(outputs.weights)));
    };
    const tensors = [context, weights, ...tf.grads(loss)([scores, value])];
    return Promise.all(tensors.map(async (tensor) => [...(await tensor.data())])).finally(() => tf.dispose(tensors));
  };
  expect(explain({ op: 'weightedContext', scores, value, ...options }).path).toBe('fused');
  const fused = await numbers();
  const other = await selectBackend(composed({ engine: 'wasm' }));
  const expected = await numbers();
  for (const [n, list] of fused.entries()) {
    const size = Math.max(1, ...expected[n].map(Math.abs));
    expect(Math.max(...list.map((x, at) => Math.abs(x - expected[n][at])))).toBeLessThan(2e-6 * size);
  }
  await other.dispose();
  tf.dispose([scores, value]);
});

describe('memory', () => {
  const step = (): void => {
    const shape: Shape = [2, 2, 37, 10];
    tf.tidy(() => {
      const [query, key, value] = [random(shape), random(shape), random(shape)];
      tf.grads((q, k, v) => tf.sum(dotProductAttention(q as tf.Tensor4D, k as tf.Tensor4D, v as tf.Tensor4D).context))([
        query,
        key,
        value,
      ]);
      const rows = tf.randomNormal([2, 21, 6]) as tf.Tensor3D;
      const vector = tf.randomNormal([6]) as tf.Tensor1D;
      tf.grads((q, v) => tf.sum(additiveAttention(q as tf.Tensor3D, rows, v as tf.Tensor1D, rows).context))([
        rows,
        vector,
      ]);
      const scores = random([2, 2, 37, 40]);
      const values = random([2, 2, 40, 10]);
      tf.grads((s, v) => tf.sum(weightedContext(s, v, { normalizer: 'entmax15' }).context))([scores, values]);
      tf.grads((a, b) => tf.sum(tf.einsum('bhij,bhjd->bihd', a, b)))([scores, values]);
    });
  };

  test('a thousand steps leave tensors and heap where they were', async () => {
    const { memory } = await openEngine();
    for (let n = 0; n < 20; n++) step();
    const before = { ...tf.memory(), heap: memory.buffer.byteLength };
    for (let n = 0; n < 1000; n++) step();
    expect({ ...tf.memory(), heap: memory.buffer.byteLength }).toEqual(before);
  });

  test('the heap may grow in the middle of an op', async () => {
    const { memory } = await openEngine();
    const size = 64;
    const shape: Shape = [1, 1, Math.ceil(memory.buffer.byteLength / (4 * size * 4)), size]; // four of them don't fit
    const buffer = memory.buffer;
    tf.tidy(() => {
      const query = tf.ones([1, 1, 1, size]) as tf.Tensor4D;
      const value = tf.fill(shape, 2) as tf.Tensor4D;
      const key = tf.zeros(shape) as tf.Tensor4D;
      const run = (q: tf.Tensor): tf.Tensor => tf.sum(dotProductAttention(q as tf.Tensor4D, key, value).context);
      expect(tf.grad(run)(query).dataSync()[0]).toBeCloseTo(0, 5);
      expect(run(query).dataSync()[0]).toBeCloseTo(2 * size, 3);
    });
    expect(memory.buffer).not.toBe(buffer);
  });

  test('scores aren’t kept: 16384 positions need tens of megabytes', async () => {
    const { memory } = await openEngine();
    const before = memory.buffer.byteLength;
    tf.tidy(() => {
      const x = tf.ones([1, 1, 16384, 8]) as tf.Tensor4D; // a score for each pair would take 1 GiB
      dotProductAttention(x, x, x, { mask: { kind: 'slidingWindow', left: 8, right: 0 } });
    });
    expect(memory.buffer.byteLength - before).toBeLessThan(2 ** 25);
  });

  test('an op that doesn’t fit throws a HeedError, leaves nothing, and the engine goes on', () => {
    const before = tf.memory();
    const error = catching(() =>
      tf.tidy(() => {
        const shape: Shape = [1, 1, 2 ** 17, 1];
        const x = tf.ones(shape) as tf.Tensor4D;
        dotProductAttention(x, x, x, { returnWeights: true }); // 64 GiB of weights
      }),
    );
    expect(HeedError.isInstance(error)).toBe(true);
    expect(String(error)).toContain('no room for');
    expect(tf.memory()).toEqual(before);
    step();
  });
});

function catching(run: () => void): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

test('wasm({ thread: 2 }) is refused when it is written, and means threads', () => {
  expect(() => wasm({ thread: 2 } as object)).toThrow(
    expect.objectContaining({ code: 'UNKNOWN_OPTION', hint: expect.stringContaining("did you mean 'threads'?") }),
  );
  expect(() => wasm({ simd: null as never })).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
});
