import * as tf from '@tensorflow/tfjs-core';
import { columnSums } from '../column-sums.js';
import type { ComposedModelOp } from '../define.js';
import { GELU_FORMULAS } from '../gelu/formulas.js';
import type { geluLayerSpec } from './spec.js';

export const composedGeluLayer: ComposedModelOp<typeof geluLayerSpec> = {
  forward: ({ x, bias }, { approximate }) => ({ y: GELU_FORMULAS[approximate].value(tf.add(x, bias)) }),
  backward({ x, bias, dY }, { approximate }) {
    const dX = tf.mul(dY, GELU_FORMULAS[approximate].slope(tf.add(x, bias)));
    return { dX, dBias: columnSums(dX) };
  },
};
