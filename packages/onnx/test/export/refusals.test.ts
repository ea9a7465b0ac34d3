import '@tensorflow/tfjs-backend-cpu';
import { HeedError } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { exportGraph } from '../../src/export/export-graph.js';
import type { Graph } from '../../src/export/graph.js';

beforeEach(async () => {
  await tf.setBackend('cpu');
});

const graphOf = (run: (x: tf.Tensor) => tf.Tensor): Graph => ({
  name: 'graph',
  inputs: { x: { shape: ['batch', 4], dtype: 'float32' } },
  run: ({ x }) => ({ y: run(x) }),
});

const REFUSED: Readonly<Record<string, readonly [run: (x: tf.Tensor) => tf.Tensor, message: RegExp]>> = {
  'numbers that depend on an input are read': [
    (x) => tf.scalar(tf.exp(x).dataSync()[0]),
    /numbers of the result of Exp/,
  ],
  'the numbers of an input are read': [(x) => tf.scalar(x.dataSync()[0]), /the input 'x'/],
  'an op has no translation': [(x) => tf.cumprod(x, 1), /Cumprod \[2, 4\] has no translation/],
  'longer texts take another path': [
    (x) => (x.shape[0]! > 100 ? tf.exp(x) : tf.log(x)),
    /computes Log \[2,4\] where batch = 2, but Exp \[512,4\] where batch = 512/,
  ],
  'the graph throws': [() => tf.tensor([1, 2], [3]), /./],
};

describe('exportGraph refuses', () => {
  for (const [what, [run, message]] of Object.entries(REFUSED)) {
    it(`${what}, and leaves the engine as it was`, async () => {
      const before = tf.memory();
      await expect(exportGraph(graphOf(run))).rejects.toThrow(message);
      expect(tf.getBackend()).toBe('cpu');
      expect(tf.findBackendFactory('heed-onnx')).toBeNull();
      expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numDataBuffers: before.numDataBuffers });
    });
  }

  it('lists of sizes that name no free axis', async () => {
    const refused = exportGraph(graphOf(tf.relu), { longest: { time: 8 } });
    await expect(refused).rejects.toSatisfy((error) => HeedError.isInstance(error, 'INVALID_ARGUMENT'));
  });
});
