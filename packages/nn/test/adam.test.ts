import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { adamStep, globalNorm, zeroSlots } from '../src/training/adam.js';
import { HOST, greatestDifference, useEngine, values } from './engines.js';

describe('adamStep', () => {
  it("follows TensorFlow.js's Adam", async () => {
    await useEngine(HOST);
    const variable = tf.variable(tf.tensor(values(6), [2, 3]));
    const optimizer = tf.train.adam(0.01, 0.9, 0.999, 1e-8);
    let own = { kernel: values(6) } as Record<string, Float32Array>;
    const slots = zeroSlots(own);
    for (let step = 1; step <= 20; step++) {
      const gradient = values(6, step);
      tf.tidy(() => optimizer.applyGradients([{ name: variable.name, tensor: tf.tensor(gradient, [2, 3]) }]));
      own = adamStep(own, { kernel: gradient }, slots, { learningRate: 0.01, step, scale: 1 });
      expect(greatestDifference(own['kernel'], variable.dataSync())).toBeLessThan(2e-6);
    }
    optimizer.dispose();
    variable.dispose();
  });

  it('scales the gradient first', () => {
    const run = (scale: number, gradient: Float32Array): Float32Array => {
      const start = { kernel: Float32Array.of(1, 2) };
      return adamStep(start, { kernel: gradient }, zeroSlots(start), { learningRate: 0.1, step: 1, scale })['kernel'];
    };
    expect(run(0.25, Float32Array.of(4, -8))).toEqual(run(1, Float32Array.of(1, -2)));
  });

  it('leaves the values it was given alone', () => {
    const start = { kernel: Float32Array.of(1, 2) };
    adamStep(start, { kernel: Float32Array.of(1, 1) }, zeroSlots(start), { learningRate: 0.1, step: 1, scale: 1 });
    expect([...start.kernel]).toEqual([1, 2]);
  });
});

describe('globalNorm', () => {
  it('is Euclidean over all parameters', () => {
    expect(globalNorm({ a: Float32Array.of(2, 3), b: Float32Array.of(6) })).toBe(7);
  });
});
