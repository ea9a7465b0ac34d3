import * as tf from '@tensorflow/tfjs-core';
import { columnSums } from '../column-sums.js';
import type { ComposedModelOp } from '../define.js';
import type { addBiasSpec } from './spec.js';

export const composedAddBias: ComposedModelOp<typeof addBiasSpec> = {
  forward: ({ x, bias }) => ({ y: tf.add(x, bias) }),
  backward: ({ dY }) => ({ dX: tf.clone(dY), dBias: columnSums(dY) }),
};
