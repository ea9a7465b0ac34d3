import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { zeroSlots } from '../src/training/adam.js';
import { copy, sizesOf, valuesOf } from '../src/training/model-values.js';
import { createOptimizer } from '../src/training/optimizer.js';
import { COMPOSED, CPU, WASM, greatestDifference, useEngine, values, type EngineName } from './engines.js';
import type { Trainable } from '../src/training/trainable.js';

/** A model of parameters of several sizes: kernels take four numbers at once, and the rest one by one. */
function createModel(): Trainable {
  const shapes = { kernel: [5, 7], table: [16, 8], bias: [3], scale: [1] };
  const parameters = Object.fromEntries(
    Object.entries(shapes).map(([key, shape], n) => [
      key,
      tf.tidy(() => tf.variable(tf.tensor(values(tf.util.sizeFromShape(shape), 50 + n), shape))),
    ]),
  );
  return {
    config: { kind: 'squares', seed: 1 },
    parameters,
    parameterCount: 5 * 7 + 16 * 8 + 3 + 1,
    loss: () => tf.tidy(() => tf.addN(Object.values(parameters).map((x) => tf.sum(tf.square(x)))) as tf.Scalar),
    dispose: () => tf.dispose(parameters),
  };
}

/** Three updates with gradients that are the same on every engine. */
async function update(engine: EngineName) {
  await useEngine(engine);
  const before = tf.memory().numTensors;
  const model = createModel();
  const optimizer = createOptimizer(model, zeroSlots(sizesOf(model)));
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
  it('makes the same bits of the same gradients by the kernels of every backend, and the same numbers composed', async () => {
    const [cpu, wasm, composed] = [await update(CPU), await update(WASM), await update(COMPOSED)];
    expect(wasm.slots).toEqual(cpu.slots);
    expect(wasm.parameters).toEqual(cpu.parameters);
    for (const [table, expected] of [
      [composed.parameters, cpu.parameters],
      [composed.slots.mean, cpu.slots.mean],
      [composed.slots.square, cpu.slots.square],
    ] as const) {
      for (const key of Object.keys(expected)) expect(greatestDifference(table[key], expected[key])).toBeLessThan(2e-7);
    }
    for (const { norms } of [wasm, composed]) norms.forEach((norm, n) => expect(norm / cpu.norms[n]).toBeCloseTo(1, 6));
    expect(Object.values(cpu.slots.square).every((square) => square.every((x) => x > 0))).toBe(true);
  });

  it('nothing changes until an update is applied', async () => {
    for (const engine of [CPU, WASM] as const) {
      await useEngine(engine);
      const model = createModel();
      const start = copy(valuesOf(model));
      const optimizer = createOptimizer(model, zeroSlots(sizesOf(model)));
      const { norm } = await optimizer.measure(model.parameters);
      expect(norm).toBeGreaterThan(0);
      expect(valuesOf(model)).toEqual(start);
      expect(optimizer.slots()).toEqual(zeroSlots(sizesOf(model)));
      optimizer.dispose();
      model.dispose();
    }
  });
});
