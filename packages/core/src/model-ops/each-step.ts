import * as tf from '@tensorflow/tfjs-core';

/** The steps of x along an axis, which they lose: by default [T, …] → T times […]. */
export function eachStep(x: tf.Tensor3D, axis?: number): tf.Tensor2D[];
export function eachStep(x: tf.Tensor4D, axis?: number): tf.Tensor3D[];
export function eachStep(x: tf.Tensor, axis?: number): tf.Tensor[];
export function eachStep(x: tf.Tensor, axis = 0): tf.Tensor[] {
  const at = axis < 0 ? axis + x.rank : axis;
  // TensorFlow.js 4.22's gradient of `unstack` fails when there is one step: it gets a tensor and expects an array.
  return x.shape[at] === 1 ? [tf.squeeze(x, [at])] : tf.unstack(x, at);
}
