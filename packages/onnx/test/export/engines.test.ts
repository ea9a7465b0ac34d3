import '@tensorflow/tfjs-backend-cpu';
import { multiHead } from '@heed/attention';
import { loadAnywhere } from '@heed/backends/composed';
import { causal, both, dotProductAttention, selectBackend, slidingWindow } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor3D } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { exportMechanism } from '../../src/export/export-mechanism.js';
import { differenceOf, distanceOf, inputsOf, load } from './run-model.js';

it.each(await loadAnywhere())(
  'a mechanism whose parameters are on $name is exported, and goes on there',
  async (factory) => {
    const backend = await selectBackend(factory);
    const mechanism = multiHead({ queryWidth: 4, memoryWidth: 4, heads: 2, rotary: {}, seed: 4 });
    const before = tf.memory();
    const model = await load(await exportMechanism(mechanism, { queries: 'time', keys: 'time' }));
    expect(tf.getBackend()).toBe(backend.engine);
    expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numDataBuffers: before.numDataBuffers });
    const float = { shape: [2, 6, 4], dtype: 'float32' } as const;
    const inputs = inputsOf({ query: float, memory: float }, {});
    const prepared = mechanism.prepare(inputs['memory'] as Tensor3D);
    const { context, weights } = mechanism.attend(inputs['query'], prepared, { returnWeights: true });
    expect(distanceOf(await model(inputs), { context, weights })).toBeLessThan(1e-5);
    mechanism.dispose();
    await backend.dispose();
  },
);

it('a window that short texts do not reach holds in long ones, also where there is nothing yet', async () => {
  await tf.setBackend('cpu');
  const float = (...shape: (number | string)[]) => ({ shape, dtype: 'float32' }) as const;
  const graph = {
    name: 'step',
    inputs: { query: float('batch', 2, 1, 4), keys: float('batch', 2, 'past', 4) },
    run: ({ query, keys }: Readonly<Record<string, tf.Tensor>>) => {
      const offset = keys.shape[2]! - 1;
      const mask = both(causal({ offset }), slidingWindow({ left: 20, right: 0, offset }));
      return { context: dotProductAttention(query, keys, keys, { mask }).context };
    },
  };
  const sizes = [0, 1, 20, 21, 22, 300].map((past) => ({ batch: 2, past }));
  expect(await differenceOf(graph, sizes, { shortest: { past: 0 } })).toBeLessThan(1e-5);
});
