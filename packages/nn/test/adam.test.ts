import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { zeroSlots } from '../src/training/adam.js';
import { createOptimizer } from '../src/training/optimizer.js';
import { COMPOSED, CPU, WASM, greatestDifference, useEngine, values, type EngineName } from './engines.js';

const ENGINES = [CPU, COMPOSED, WASM] as const;

/** Updates of one parameter [2, 3], by one gradient after the other; its values after each. */
async function update(engine: EngineName, gradients: readonly Float32Array[], scale = 1): Promise<Float32Array[]> {
  await useEngine(engine);
  const kernel = tf.variable(tf.tensor(values(6), [2, 3]));
  const model = {
    config: { kind: 'one', seed: 1 },
    parameters: { kernel },
    parameterCount: 6,
    loss: () => tf.scalar(0),
    dispose: () => kernel.dispose(),
  };
  const optimizer = createOptimizer(model, zeroSlots({ kernel: 6 }));
  const after: Float32Array[] = [];
  for (const [n, numbers] of gradients.entries()) {
    const gradient = tf.tensor(numbers, [2, 3]);
    const { apply } = await optimizer.measure({ kernel: gradient });
    apply({ learningRate: 0.01, step: n + 1, scale });
    gradient.dispose();
    after.push(kernel.dataSync<'float32'>().slice());
  }
  optimizer.dispose();
  model.dispose();
  return after;
}

describe.each(ENGINES)('the optimizer on %s', (engine) => {
  it("follows TensorFlow.js's Adam", async () => {
    const gradients = Array.from({ length: 20 }, (_, n) => values(6, n + 1));
    const own = await update(engine, gradients);
    const variable = tf.variable(tf.tensor(values(6), [2, 3]));
    const optimizer = tf.train.adam(0.01, 0.9, 0.999, 1e-8);
    gradients.forEach((gradient, n) => {
      tf.tidy(() => optimizer.applyGradients([{ name: variable.name, tensor: tf.tensor(gradient, [2, 3]) }]));
      expect(greatestDifference(own[n], variable.dataSync())).toBeLessThan(2e-6);
    });
    optimizer.dispose();
    variable.dispose();
  });

  it('scales the gradient first', async () => {
    const gradient = values(6, 2);
    const [scaled] = await update(engine, [gradient], 0.25);
    const [smaller] = await update(engine, [gradient.map((g) => g / 4)]);
    expect(scaled).toEqual(smaller);
  });

  it('measures the Euclidean norm over all parameters', async () => {
    await useEngine(engine);
    const parameters = { a: tf.variable(tf.tensor1d([0, 0])), b: tf.variable(tf.scalar(0)) };
    const model = {
      config: { kind: 'two', seed: 1 },
      parameters,
      parameterCount: 3,
      loss: () => tf.scalar(0),
      dispose: () => tf.dispose(parameters),
    };
    const optimizer = createOptimizer(model, zeroSlots({ a: 2, b: 1 }));
    const gradients = { a: tf.tensor1d([2, 3]), b: tf.scalar(6) };
    expect((await optimizer.measure(gradients)).norm).toBe(7);
    tf.dispose(gradients);
    optimizer.dispose();
    model.dispose();
  });
});
