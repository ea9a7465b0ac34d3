import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { both, causal, dense, dotProductAttention, selectBackend, type AttentionBackend, type Axes } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import type * as OrtNamespace from 'onnxruntime-web';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadAnywhere } from '@heed/backends/composed';
import { attentionModel, type Operand } from '../../packages/onnx/test/onnx-model.js';

const backends = await loadAnywhere();

/**
 * A second opinion: random examples run by onnxruntime-web's `Attention` operator and by Heed. What the two define differently
 * (rows without any attended key) is left out of the draw; everything else must agree.
 */
type Ort = typeof OrtNamespace;
let ort: Ort;

beforeAll(async () => {
  const require = createRequire(import.meta.url);
  const entry = require.resolve('onnxruntime-web/wasm');
  ort = (await import(pathToFileURL(entry.replace(/\.js$/, '.mjs')).href)) as Ort;
  ort.env.wasm.wasmPaths = `${pathToFileURL(dirname(entry)).href}/`;
  ort.env.wasm.numThreads = 1;
});

interface Example {
  batch: number;
  keyHeads: number;
  group: number;
  queries: number;
  keys: number;
  width: number;
  valueWidth: number;
  causal: boolean;
  softCap: number | undefined;
  scale: number | undefined;
  mask: 'none' | 'bool' | 'float';
  /** Axes of the mask: [Tq, Tk], with an axis for heads, or with axes for batch and heads. */
  maskRank: 2 | 3 | 4;
  seed: number;
}

const examples: fc.Arbitrary<Example> = fc.record({
  batch: fc.integer({ min: 1, max: 3 }),
  keyHeads: fc.integer({ min: 1, max: 3 }),
  group: fc.integer({ min: 1, max: 3 }),
  queries: fc.integer({ min: 1, max: 20 }),
  keys: fc.integer({ min: 1, max: 70 }),
  width: fc.integer({ min: 1, max: 20 }),
  valueWidth: fc.integer({ min: 1, max: 20 }),
  causal: fc.boolean(),
  softCap: fc.option(
    fc.integer({ min: 1, max: 40 }).map((n) => n / 8),
    { nil: undefined },
  ),
  scale: fc.option(
    fc.integer({ min: 1, max: 16 }).map((n) => n / 16),
    { nil: undefined },
  ),
  mask: fc.constantFrom('none', 'bool', 'float'),
  maskRank: fc.constantFrom(2, 3, 4),
  seed: fc.integer({ min: 1, max: 1e6 }),
});

interface Drawn extends Operand {
  readonly data: Float32Array | Uint8Array;
}

function draw(example: Example): Drawn[] {
  const { batch, keyHeads, group, queries, keys, width, valueWidth, seed } = example;
  const heads = keyHeads * group;
  const normal = (name: string, shape: number[], salt: number): Drawn => ({
    name,
    dtype: 'float32',
    shape,
    data: tf.tidy(() => tf.randomNormal(shape, 0, 1, 'float32', seed + salt).dataSync() as Float32Array),
  });
  const inputs = [
    normal('Q', [batch, heads, queries, width], 0),
    normal('K', [batch, keyHeads, keys, width], 1),
    normal('V', [batch, keyHeads, keys, valueWidth], 2),
  ];
  if (example.mask === 'none') return inputs;
  const mask = normal('attn_mask', [batch, heads, queries, keys].slice(4 - example.maskRank), 3);
  if (example.mask === 'float') return [...inputs, mask];
  // Key 0 stays open, so that no row is empty, causal or not.
  const open = Uint8Array.from(mask.data, (x, n) => (n % keys === 0 || x > -0.5 ? 1 : 0));
  return [...inputs, { ...mask, dtype: 'bool', data: open }];
}

async function run(example: Example, inputs: Drawn[]): Promise<Float32Array> {
  const { batch, keyHeads, group, queries, valueWidth } = example;
  const output: Operand = { name: 'Y', dtype: 'float32', shape: [batch, keyHeads * group, queries, valueWidth] };
  const model = attentionModel(inputs, output, {
    ...(example.causal && { is_causal: 1 }),
    ...(example.softCap && { softcap: example.softCap }),
    ...(example.scale && { scale: example.scale }),
  });
  const session = await ort.InferenceSession.create(model, { executionProviders: ['wasm'] });
  const feeds = inputs.map(({ name, dtype, shape, data }) => [
    name,
    new ort.Tensor(dtype as 'float32', data as Float32Array, shape),
  ]);
  const { Y } = await session.run(Object.fromEntries(feeds));
  await session.release();
  return Y!.data as Float32Array;
}

interface Opinion {
  readonly inputs: Drawn[];
  readonly context: Float32Array;
}
const opinions = new Map<string, Promise<Opinion>>();

/** An example's numbers and what onnxruntime-web makes of them, which is asked once: every backend is given the same examples. */
function second(example: Example): Promise<Opinion> {
  const key = JSON.stringify(example);
  let opinion = opinions.get(key);
  if (opinion === undefined) {
    const inputs = draw(example);
    opinion = run(example, inputs).then((context) => ({ inputs, context }));
    opinions.set(key, opinion);
  }
  return opinion;
}

function heed(example: Example, inputs: Drawn[]): Float32Array {
  return tf.tidy(() => {
    const [q, k, v, mask] = inputs.map(({ data, shape, dtype }) => tf.tensor(data, [...shape], dtype));
    // ONNX aligns axes to the right: three are heads, queries and keys.
    const axes = 'bhqk'.slice(4 - example.maskRank) as Axes;
    const masks = [
      ...(example.causal ? [causal({ align: 'top-left' })] : []),
      ...(example.mask === 'bool' ? [dense(mask!, { axes })] : []),
    ];
    const { context } = dotProductAttention(q!, k!, v!, {
      ...(masks.length > 0 && { mask: both(...masks) }),
      ...(example.mask === 'float' && { bias: dense(mask!, { axes }) }),
      ...(example.softCap && { softCap: example.softCap }),
      ...(example.scale && { scale: example.scale }),
    });
    return context.dataSync() as Float32Array;
  });
}

// Inputs are standard normal, contexts their means: a few hundred float32 roundings of numbers of size 1 in the other's sums.
const BOUND = 2e-5;

describe.each(backends)('onnxruntime-web and $name', (factory) => {
  let backend: AttentionBackend;
  beforeAll(async () => {
    backend = await selectBackend(factory);
  });
  afterAll(() => backend.dispose());

  it('agree on random examples', async () => {
    await fc.assert(
      fc.asyncProperty(examples, async (example) => {
        const { inputs, context } = await second(example);
        const ours = heed(example, inputs);
        expect(ours.length).toBe(context.length);
        const wrong = [...ours.keys()].filter((n) => !(Math.abs(ours[n]! - context[n]!) < BOUND));
        expect(wrong.map((n) => [n, ours[n], context[n]])).toEqual([]);
      }),
      { numRuns: 150, seed: 20_261_123, endOnFailure: false },
    );
  });
});
