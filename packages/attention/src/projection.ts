import type * as tf from '@tensorflow/tfjs-core';

/** Keys and values, in the layout of the mechanism: batch is the first axis, time the last but one. */
export interface Projection {
  readonly keys: tf.Tensor;
  readonly values: tf.Tensor;
}
