import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { BACKENDS, expectClose, expectNoLeak, useBackend, values } from '../test/engine.js';
import { direction } from './direction.js';
import { additive, cosine } from './index.js';

describe.each(BACKENDS)('on $name', (factory) => {
  useBackend(factory);

  it.each([1e-30, 1e-18, 1, 1e18, 1e19, 1e30, 3e37])('the direction of (3, −4) times %d', (size) => {
    expectClose(values(direction(tf.tensor2d([[3 * size, -4 * size]]))), [0.6, -0.8], 1e-6);
  });

  it('a vector of length 0 has none, and sends no gradient', () => {
    const x = tf.tensor2d([
      [0, 0],
      [0, 2],
    ]);
    expect(values(direction(x))).toEqual([0, 0, 0, 1]);
    const gradient = tf.grad((x) => direction(x))(x, tf.tensor2d([[1, 2], [4, 4]])); // prettier-ignore
    expectClose(values(gradient), [0, 0, 2, 0], 1e-6);
  });

  it('its gradient is that of x/‖x‖, of large vectors too', () => {
    for (const size of [1, 1e20]) {
      const gradient = tf.grad((x) => direction(x))(tf.tensor2d([[3 * size, 4 * size]]), tf.tensor2d([[1, 0]]));
      // (I − uuᵀ)/‖x‖ · (1, 0) with u = (0.6, 0.8)
      expectClose(values(tf.mul(gradient, size)), [0.64 / 5, -0.48 / 5], 1e-6);
    }
  });

  it('cosine tells vectors apart whose squares overflow', () => {
    const mechanism = cosine({ width: 2 });
    const memory = mechanism.prepare(tf.tensor3d([[[1e30, 0], [0, 1e30], [-1e30, 0]]])); // prettier-ignore
    const { weights } = mechanism.attend(tf.tensor2d([[2e25, 0]]), memory, { returnWeights: true });
    const total = Math.E + 1 + 1 / Math.E;
    expectClose(values(weights!), [Math.E / total, 1 / total, 1 / Math.E / total], 1e-6);
  });

  it('additive, normalized, with a v of 0 attends to all alike and trains on', () => {
    const mechanism = additive({ queryWidth: 2, memoryWidth: 2, units: 3, normalized: true, seed: 1 });
    mechanism.parameters['vector'].assign(tf.zeros([3]));
    const run = (): tf.Tensor => {
      const memory = mechanism.prepare(tf.tensor3d([[[1, 2], [3, 4]]])); // prettier-ignore
      return mechanism.attend(tf.tensor2d([[1, -1]]), memory).context;
    };
    expectClose(values(run()), [2, 3], 1e-6);
    const { grads } = tf.variableGrads(() => tf.sum(run()) as tf.Scalar);
    for (const gradient of Object.values(grads)) expect(values(gradient).every(Number.isFinite)).toBe(true);
    mechanism.dispose();
  });

  it('leaves nothing behind', () => {
    const x = tf.ones([2, 3]);
    expectNoLeak(() => direction(x));
  });
});
