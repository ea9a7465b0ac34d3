import * as tf from '@tensorflow/tfjs-core';
import type { ComposedModelOp } from '../define.js';
import { oneHot } from '../one-hot.js';
import { counted } from '../targets.js';
import type { crossEntropySpec } from './spec.js';

export const composedCrossEntropy: ComposedModelOp<typeof crossEntropySpec> = {
  forward({ logits }, targets) {
    const { ids, weights, smoothing } = targets;
    const [rows, classes] = logits.shape as [number, number];
    const wanted = tf.add(tf.mul(oneHot(ids, classes), 1 - smoothing), smoothing / classes);
    const weight = tf.tensor2d(weights, [rows, 1]);
    const logProbabilities = tf.logSoftmax(counted(logits, targets) as tf.Tensor2D);
    return {
      loss: tf.neg(tf.sum(tf.mul(logProbabilities, tf.mul(wanted, weight)))),
      slopes: tf.mul(tf.sub(tf.exp(logProbabilities), wanted), weight),
    };
  },

  backward: ({ slopes, dLoss }) => ({ dLogits: tf.mul(slopes, dLoss) }),
};
