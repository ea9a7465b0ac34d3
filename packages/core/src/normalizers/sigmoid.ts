import * as tf from '@tensorflow/tfjs-core';
import { defineNormalizer } from './define.js';

/** 1 / (1 + exp(−s)): rows don't sum to 1, and positions don't know of each other, so that a NaN stays where it is. */
export const sigmoid = defineNormalizer({
  name: 'sigmoid',
  title: 'sigmoid',
  forward: (scores) => tf.sigmoid(scores),
  backward: (weights, dWeights) => tf.mul(dWeights, tf.mul(weights, tf.sub(1, weights))),
});
