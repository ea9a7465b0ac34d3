import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { zeroSlots } from '../../nn/src/training/adam.js';
import { createSeq2Seq } from '../src/recurrent/seq2seq.js';
import { copy, valuesOf } from '../../nn/src/training/model-values.js';
import { createOptimizer } from '../../nn/src/training/optimizer.js';
import { COMPOSED, HOST, KERNELS, useEngine, values, type EngineName } from '../../nn/test/engines.js';
import { tinyConfig } from './models.js';

/** Three updates with gradients that are the same on every engine. */
async function update(engine: EngineName) {
  await useEngine(engine);
  const before = tf.memory().numTensors;
  const model = createSeq2Seq(tinyConfig());
  const optimizer = createOptimizer(model, zeroSlots(valuesOf(model)));
  const norms: number[] = [];
  for (let step = 1; step <= 3; step++) {
    const gradients = Object.fromEntries(
      Object.entries(model.parameters).map(([key, { shape, size }], n) => [
        key,
        tf.tensor(values(size, n + step), shape),
      ]),
    );
    const { norm, apply } = await optimizer.measure(gradients);
    norms.push(norm);
    apply({ learningRate: 0.01, step, scale: 0.5 });
    tf.dispose(gradients);
  }
  const result = { norms, parameters: copy(valuesOf(model)), slots: optimizer.slots() };
  optimizer.dispose();
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
  return result;
}

describe('optimizer', () => {
  it('makes the same bits of the same gradients by kernels and on the host', async () => {
    const host = await update(HOST);
    for (const engine of [COMPOSED, KERNELS] as const) {
      const { norms, parameters, slots } = await update(engine);
      expect(slots).toEqual(host.slots);
      expect(parameters).toEqual(host.parameters);
      norms.forEach((norm, n) => expect(norm / host.norms[n]).toBeCloseTo(1, 6));
    }
    expect(Object.values(host.slots.square).every((square) => square.every((x) => x > 0))).toBe(true);
  });

  it('nothing changes until an update is applied', async () => {
    for (const engine of [HOST, KERNELS] as const) {
      await useEngine(engine);
      const model = createSeq2Seq(tinyConfig());
      const start = copy(valuesOf(model));
      const optimizer = createOptimizer(model, zeroSlots(start));
      const { norm } = await optimizer.measure(model.parameters);
      expect(norm).toBeGreaterThan(0);
      expect(valuesOf(model)).toEqual(start);
      expect(optimizer.slots()).toEqual(zeroSlots(start));
      optimizer.dispose();
      model.dispose();
    }
  });
});
