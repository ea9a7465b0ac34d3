import * as tf from '@tensorflow/tfjs-core';

/** The steps of x, [T, …] → T times […]. */
export function eachStep(x: tf.Tensor3D): tf.Tensor2D[];
export function eachStep(x: tf.Tensor): tf.Tensor[];
export function eachStep(x: tf.Tensor): tf.Tensor[] {
  // TensorFlow.js 4.22's gradient of `unstack` fails when there is one step: it gets a tensor and expects an array.
  return x.shape[0] === 1 ? [tf.squeeze(x, [0])] : tf.unstack(x);
}
