import * as tf from '@tensorflow/tfjs-core';

/**
 * What is asked of numbers and has no gradient in them, such as which of them is the largest. TensorFlow.js knows no gradients of
 * comparisons, not even that they are 0.
 */
export const asked = <T extends tf.Tensor, R extends tf.Tensor>(x: T, question: (x: T) => R): R =>
  tf.customGrad((given) => ({ value: question(given as T), gradFunc: () => tf.zerosLike(given as T) }))(x) as R;
