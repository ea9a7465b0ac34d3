import * as tf from '@tensorflow/tfjs-core';
import { columnSums } from '../column-sums.js';
import type { ComposedModelOp } from '../define.js';
import type { layerNormSpec } from './spec.js';

export const composedLayerNorm: ComposedModelOp<typeof layerNormSpec> = {
  forward({ x, gain, bias }, { epsilon }) {
    const centred = tf.sub(x, tf.mean(x, 1, true));
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), 1, true), epsilon)); // [N, 1]
    const normal = tf.mul(centred, inverse);
    return { y: tf.add(tf.mul(normal, gain), bias), normal, inverse };
  },

  backward({ gain, normal, inverse, dY }) {
    const dNormal = tf.mul(dY, gain);
    const along = tf.mean(tf.mul(dNormal, normal), 1, true);
    const dCentred = tf.sub(tf.sub(dNormal, tf.mean(dNormal, 1, true)), tf.mul(normal, along));
    return { dX: tf.mul(dCentred, inverse), dGain: columnSums(tf.mul(dY, normal)), dBias: columnSums(dY) };
  },
};
