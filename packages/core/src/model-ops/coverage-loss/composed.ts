import * as tf from '@tensorflow/tfjs-core';
import type { ComposedModelOp } from '../define.js';
import type { coverageLossSpec } from './spec.js';

export const composedCoverageLoss: ComposedModelOp<typeof coverageLossSpec> = {
  forward({ weights, coverage }, { counts }) {
    return { loss: tf.sum(tf.mul(tf.minimum(weights, coverage), tf.tensor2d(counts, [counts.length, 1]))) };
  },

  backward({ weights, coverage, dLoss }, { counts }) {
    const slope = tf.mul(tf.tensor2d(counts, [counts.length, 1]), dLoss);
    const ofWeights = tf.cast(tf.lessEqual(weights, coverage), 'float32');
    return { dWeights: tf.mul(ofWeights, slope), dCoverage: tf.mul(tf.sub(1, ofWeights), slope) };
  },
};
