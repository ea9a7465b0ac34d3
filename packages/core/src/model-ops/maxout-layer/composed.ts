import * as tf from '@tensorflow/tfjs-core';
import { columnSums } from '../column-sums.js';
import type { ComposedModelOp } from '../define.js';
import { groups } from '../gates.js';
import type { maxoutLayerSpec } from './spec.js';

export const composedMaxoutLayer: ComposedModelOp<typeof maxoutLayerSpec> = {
  forward({ terms, bias }) {
    const pieces = tf.add(tf.addN([...terms]), bias);
    const [a, b] = groups(pieces, 2);
    return { y: tf.maximum(a, b), pieces };
  },

  backward({ pieces, dY }) {
    const [a, b] = groups(pieces, 2);
    const ofFirst = tf.cast(tf.greaterEqual(a, b), 'float32');
    const dTerms = tf.concat([tf.mul(dY, ofFirst), tf.mul(dY, tf.sub(1, ofFirst))], 1);
    return { dTerms, dBias: columnSums(dTerms) };
  },
};
