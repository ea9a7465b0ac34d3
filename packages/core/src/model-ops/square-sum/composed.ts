import * as tf from '@tensorflow/tfjs-core';
import type { ComposedModelOp } from '../define.js';
import type { squareSumSpec } from './spec.js';

export const composedSquareSum: ComposedModelOp<typeof squareSumSpec> = {
  forward: ({ tensors }) => ({ sum: tf.addN(tensors.map((x) => tf.sum(tf.square(x)))) }),
};
