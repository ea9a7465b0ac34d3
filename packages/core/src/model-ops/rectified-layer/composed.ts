import * as tf from '@tensorflow/tfjs-core';
import { columnSums } from '../column-sums.js';
import type { ComposedModelOp } from '../define.js';
import type { rectifiedLayerSpec } from './spec.js';

export const composedRectifiedLayer: ComposedModelOp<typeof rectifiedLayerSpec> = {
  forward: ({ x, bias }) => ({ y: tf.relu(tf.add(x, bias)) }),
  backward({ y, dY }) {
    const dX = tf.mul(dY, tf.step(y));
    return { dX, dBias: columnSums(dX) };
  },
};
