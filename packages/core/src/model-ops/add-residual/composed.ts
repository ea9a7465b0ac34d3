import * as tf from '@tensorflow/tfjs-core';
import { columnSums } from '../column-sums.js';
import type { ComposedModelOp } from '../define.js';
import type { addResidualSpec } from './spec.js';

export const composedAddResidual: ComposedModelOp<typeof addResidualSpec> = {
  forward: ({ x, y, bias }) => ({ sum: tf.add(tf.add(x, y), bias) }),
  backward: ({ dSum }) => ({ dX: tf.clone(dSum), dY: tf.clone(dSum), dBias: columnSums(dSum) }),
};
