import '@tensorflow/tfjs-backend-cpu';
import { additive, coverage, multiHead, type AttentionMechanism } from '@heed/attention';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor3D } from '@tensorflow/tfjs-core';
import { InferenceSession, Tensor, env } from 'onnxruntime-web/wasm';
import { beforeAll, expect, it } from 'vitest';
import { exportMechanism } from '../../src/export/export-mechanism.js';
import { inputsOf } from './run-model.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
  env.wasm.numThreads = 1;
});

const size = { queryWidth: 4, memoryWidth: 4, seed: 2 };
const MECHANISMS: readonly [string, () => AttentionMechanism][] = [
  ['Attention of grouped heads', () => multiHead({ ...size, heads: 2, keyHeads: 1 })],
  ['composed scores', () => additive({ ...size, units: 3 })],
  ['Scan', () => coverage({ ...size, units: 3 })],
];

it.each(MECHANISMS)('onnxruntime-web runs %s', async (_, create) => {
  const mechanism = create();
  const session = await InferenceSession.create(await exportMechanism(mechanism));
  const shapes = {
    query: { shape: [2, 3, 4], dtype: 'float32' },
    memory: { shape: [2, 6, 4], dtype: 'float32' },
  } as const;
  const { query, memory } = inputsOf(shapes, {});
  const feeds = Object.entries({ query, memory }).map(([name, x]) => [
    name,
    new Tensor('float32', x.dataSync(), x.shape),
  ]);
  const { context } = await session.run(Object.fromEntries(feeds));
  const expected = mechanism.attend(query, mechanism.prepare(memory as Tensor3D)).context;
  const got = Array.from(context.data as Float32Array);
  expect(Math.max(...Array.from(expected.dataSync(), (x, n) => Math.abs(x - got[n])))).toBeLessThan(1e-5);
  expect(got).toHaveLength(expected.size);
  await session.release();
  mechanism.dispose();
});
