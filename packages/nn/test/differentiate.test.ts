import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { zeroSlots } from '../src/training/adam.js';
import { differentiate } from '../src/training/differentiate.js';
import { sizesOf } from '../src/training/model-values.js';
import { createOptimizer } from '../src/training/optimizer.js';
import { CPU, WASM, useEngine } from './engines.js';

describe('a parameter that the loss does not use', () => {
  it.each([CPU, WASM] as const)('has a gradient of zeros, and stays what it is (%s)', async (engine) => {
    await useEngine(engine);
    const before = tf.memory().numTensors;
    const parameters = tf.tidy(() => ({
      used: tf.variable(tf.tensor1d([1, 2])),
      unused: tf.variable(tf.tensor2d([[3, 4, 5]])),
    }));
    const model = {
      config: { kind: 'squares', seed: 1 },
      parameters,
      parameterCount: 5,
      loss: () => tf.sum(tf.square(parameters.used)) as tf.Scalar,
      dispose: () => tf.dispose(parameters),
    };
    const { loss, gradients } = await differentiate(model, [], { labelSmoothing: 0, seed: 1 }, 0);
    expect(loss).toBe(5);
    expect(await gradients['used'].array()).toEqual([2, 4]);
    expect(await gradients['unused'].array()).toEqual([[0, 0, 0]]);

    const optimizer = createOptimizer(model, zeroSlots(sizesOf(model)));
    const { norm, apply } = await optimizer.measure(gradients);
    expect(norm).toBeCloseTo(Math.sqrt(20), 6);
    apply({ learningRate: 0.1, step: 1, scale: 1 });
    tf.dispose(gradients);
    expect([...(await parameters.used.data())].map((x) => Math.round(x * 1000))).toEqual([900, 1900]);
    expect(await parameters.unused.array()).toEqual([[3, 4, 5]]);
    optimizer.dispose();
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
