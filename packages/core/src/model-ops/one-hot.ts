import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** 1 at each number, 0 elsewhere: [N, count]. TensorFlow.js's refuses a count of 1. */
export function oneHot(ids: Int32Array, count: number): Tensor {
  return count === 1 ? tf.ones([ids.length, 1]) : tf.oneHot(tf.tensor1d(ids, 'int32'), count);
}
