import * as tf from '@tensorflow/tfjs-core';
import type { ComposedModelOp } from '../define.js';
import type { squaredReluSpec } from './spec.js';

export const composedSquaredRelu: ComposedModelOp<typeof squaredReluSpec> = {
  forward: ({ x }) => ({ y: tf.square(tf.relu(x)) }),
  backward: ({ x, dY }) => ({ dX: tf.mul(tf.mul(tf.relu(x), dY), 2) }),
};
