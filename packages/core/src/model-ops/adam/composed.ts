import * as tf from '@tensorflow/tfjs-core';
import type { ComposedModelOp } from '../define.js';
import type { adamSpec } from './spec.js';

export const composedAdam: ComposedModelOp<typeof adamSpec> = {
  forward({ value, gradient, mean, square }, { rate, epsilon, scale, beta1, beta2 }) {
    const g = tf.mul(gradient, scale);
    const nextMean = tf.add(tf.mul(mean, beta1), tf.mul(g, 1 - beta1));
    const nextSquare = tf.add(tf.mul(square, beta2), tf.mul(tf.square(g), 1 - beta2));
    const step = tf.div(tf.mul(nextMean, rate), tf.add(tf.sqrt(nextSquare), epsilon));
    return { nextValue: tf.sub(value, step), nextMean, nextSquare };
  },
};
