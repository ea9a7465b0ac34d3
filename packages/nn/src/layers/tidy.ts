import * as tf from '@tensorflow/tfjs-core';

/** `tf.tidy` for results of interface types, which TensorFlow.js's own type of a container doesn't admit. */
export function tidy<T>(work: () => T): T {
  return tf.tidy(work as () => tf.TensorContainer) as T;
}
