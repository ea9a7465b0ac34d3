import { createMechanism } from '@heed/attention';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs'; // registers the gradients of its ops
import '@tensorflow/tfjs-backend-cpu';
import { expect, test } from 'vitest';
import { gaussian } from '../plugin/src/gaussian.js';

const QUERY = [0.5, -1, 2];
const KEYS = [
  [0.5, -1, 2.5],
  [1, 0, 1],
  [-2, 3, 0.25],
];

/** softmax(−‖s − h‖² / 2σ²) by the formula. */
function weightsAt(bandwidth: number): number[] {
  const scores = KEYS.map((key) => key.reduce((sum, x, d) => sum - (x - QUERY[d]) ** 2, 0) / (2 * bandwidth ** 2));
  const total = scores.reduce((sum, score) => sum + Math.exp(score), 0);
  return scores.map((score) => Math.exp(score) / total);
}

test('weights are those of the formula, and the bandwidth has its gradient', async () => {
  const mechanism = createMechanism({ kind: 'gaussian', width: 3, bandwidth: 1.5 }, undefined, {
    mechanisms: [gaussian],
  });
  const firstWeight = (): tf.Scalar => {
    const memory = mechanism.prepare(tf.tensor3d([KEYS]));
    const { weights } = mechanism.attend(tf.tensor2d([QUERY]), memory, { returnWeights: true });
    return tf.sum(tf.slice(weights!, [0, 0], [1, 1])) as tf.Scalar;
  };
  const { value, grads } = tf.variableGrads(firstWeight);
  expect((await value.data())[0]).toBeCloseTo(weightsAt(1.5)[0], 5);
  const [gradient] = Object.values(grads);
  const step = 1e-4;
  const [above, below] = [1, -1].map((side) => weightsAt(1.5 * Math.exp(side * step))[0]);
  expect((await gradient.data())[0]).toBeCloseTo((above - below) / (2 * step), 4);
  mechanism.dispose();
});
