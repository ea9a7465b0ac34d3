import '@tensorflow/tfjs-backend-cpu';
import { additive, multiHead } from '@heed/attention';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Graph } from '../../src/export/graph.js';
import { differenceOf } from './run-model.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const SIZES = [
  { batch: 2, time: 4, keys: 6 },
  { batch: 1, time: 9, keys: 1 },
  { batch: 3, time: 1, keys: 8 },
];

describe('exportGraph', () => {
  it('exports self-attention of several heads with a causal mask and rotary turns', async () => {
    const mechanism = multiHead({
      queryWidth: 8,
      memoryWidth: 8,
      heads: 4,
      keyHeads: 2,
      headWidth: 6,
      rotary: {},
      seed: 3,
    });
    const graph: Graph = {
      name: 'self',
      inputs: { x: { shape: ['batch', 'time', 8], dtype: 'float32' } },
      run: ({ x }) => {
        const memory = mechanism.prepare(x as Tensor3D);
        return { context: mechanism.attend(x as Tensor3D, memory, { causal: true }).context };
      },
    };
    expect(await differenceOf(graph, SIZES)).toBeLessThan(1e-5);
  });

  it('exports additive attention under a mask that is an input', async () => {
    const mechanism = additive({ queryWidth: 5, memoryWidth: 6, units: 4, seed: 3 });
    const graph: Graph = {
      name: 'additive',
      inputs: {
        query: { shape: ['batch', 'time', 5], dtype: 'float32' },
        memory: { shape: ['batch', 'keys', 6], dtype: 'float32' },
        mask: { shape: ['batch', 'keys'], dtype: 'bool' },
      },
      run: ({ query, memory, mask }) => {
        const prepared = mechanism.prepare(memory as Tensor3D, { mask: mask as Tensor2D });
        const { context, weights } = mechanism.attend(query as Tensor3D, prepared, { returnWeights: true });
        return { context, weights };
      },
    };
    expect(await differenceOf(graph, SIZES)).toBeLessThan(1e-5);
  });
});
