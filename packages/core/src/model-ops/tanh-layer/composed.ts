import * as tf from '@tensorflow/tfjs-core';
import { columnSums } from '../column-sums.js';
import type { ComposedModelOp } from '../define.js';
import { slopeOfTanh } from '../gates.js';
import type { tanhLayerSpec } from './spec.js';

export const composedTanhLayer: ComposedModelOp<typeof tanhLayerSpec> = {
  forward: ({ terms, bias }) => ({ y: tf.tanh(tf.add(tf.addN([...terms]), bias)) }),
  backward({ y, dY }) {
    const dTerms = tf.mul(dY, slopeOfTanh(y));
    return { dTerms, dBias: columnSums(dTerms) };
  },
};
