import '@tensorflow/tfjs-backend-cpu';
import { additive, multiHead } from '@heed/attention';
import { scan } from '@heed/core/model-ops';
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

  it('takes int64 inputs as int32, also in a loop', async () => {
    const table = tf.tensor2d([0.5, -0.3, 0.2, 0.7, 0.1, -0.6, 0.9, 0.4, -0.8, 0.3], [5, 2]);
    const graph: Graph = {
      name: 'tokens',
      inputs: { ids: { shape: ['batch', 'time'], dtype: 'int64' } },
      run: ({ ids }) => {
        const { state } = scan(
          ([sum], [step]) => ({ state: [tf.add(sum, tf.gather(table, tf.cast(step, 'int32')))], outputs: [] }),
          { state: [tf.zeros([ids.shape[0]!, 2])], steps: [tf.transpose(ids)] },
        );
        return { sum: state[0], doubled: tf.mul(ids, tf.scalar(2, 'int32')) };
      },
    };
    expect(await differenceOf(graph, SIZES)).toBeLessThan(1e-6);
  });

  it('exports a loop over an axis of any size, once, with what its step uses of around', async () => {
    const kernel = tf.tensor2d([0.5, -0.3, 0.2, 0.7, 0.1, -0.6], [3, 2]);
    const graph: Graph = {
      name: 'loop',
      inputs: {
        x: { shape: ['batch', 'time', 1], dtype: 'float32' },
        gate: { shape: ['batch', 2], dtype: 'float32' },
      },
      run: ({ x, gate }) =>
        tf.tidy(() => {
          const open = tf.sigmoid(gate);
          const { state, outputs } = scan(
            ([before], [input]) => {
              const next = tf.mul(open, tf.tanh(tf.matMul(tf.concat([before, input], 1), kernel)));
              return { state: [next], outputs: [tf.sum(next, 1)] };
            },
            { state: [tf.zeros([x.shape[0]!, 2])], steps: [tf.transpose(x, [1, 0, 2])] },
          );
          return { last: state[0], sums: outputs[0] };
        }),
    };
    expect(await differenceOf(graph, SIZES)).toBeLessThan(1e-6);
    kernel.dispose();
  });

  it('tabulates what the host makes of the place of a step, the first one included', async () => {
    const mechanism = multiHead({ queryWidth: 4, memoryWidth: 4, heads: 2, seed: 5 });
    const graph: Graph = {
      name: 'step',
      inputs: {
        x: { shape: ['batch', 1, 4], dtype: 'float32' },
        earlier: { shape: ['batch', 'past', 4], dtype: 'float32' },
      },
      run: ({ x, earlier }) =>
        tf.tidy(() => {
          const place = earlier.shape[1]!;
          const placed = tf.add(x, tf.tensor1d([0, 1, 2, 3].map((n) => Math.sin(place / 10 ** n))));
          const memory = (place === 0 ? tf.clone(placed) : tf.concat([earlier, placed], 1)) as Tensor3D;
          const { context, weights } = mechanism.attend(placed as Tensor3D, mechanism.prepare(memory), {
            causal: { align: 'bottom-right' },
            returnWeights: true,
          });
          return { context, weights, memory };
        }),
    };
    const sizes = [0, 1, 6, 31].map((past) => ({ batch: 2, past }));
    expect(await differenceOf(graph, sizes, { longest: { past: 32 } })).toBeLessThan(1e-5);
  });
});
