import { additiveAttention, dotProductAttention } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';

/** Attention by Heed's ops and composed of TensorFlow.js's. */

export const fusedDotProduct = (query: tf.Tensor, key: tf.Tensor, value: tf.Tensor): tf.Tensor =>
  dotProductAttention(query as tf.Tensor4D, key as tf.Tensor4D, value as tf.Tensor4D).context;

export const composedDotProduct = (query: tf.Tensor, key: tf.Tensor, value: tf.Tensor): tf.Tensor =>
  tf.matMul(tf.softmax(tf.mul(tf.matMul(query, key, false, true), query.shape[3]! ** -0.5)), value);

export const fusedAdditive = (query: tf.Tensor, key: tf.Tensor, vector: tf.Tensor, value: tf.Tensor): tf.Tensor =>
  additiveAttention(query as tf.Tensor3D, key as tf.Tensor3D, vector as tf.Tensor1D, value as tf.Tensor3D).context;

export const composedAdditive = (query: tf.Tensor, key: tf.Tensor, vector: tf.Tensor, value: tf.Tensor): tf.Tensor => {
  const [batch, queries, units] = query.shape as [number, number, number];
  const hidden = tf.tanh(tf.add(tf.expandDims(query, 2), tf.expandDims(key, 1)));
  const scores = tf.matMul(tf.reshape(hidden, [-1, units]), tf.reshape(vector, [units, 1]));
  return tf.matMul(tf.softmax(tf.reshape(scores, [batch, queries, key.shape[1]!])), value);
};

/** The gradients in all inputs, given that in the output: the last tensor. */
export const withGradients =
  (compute: (...tensors: tf.Tensor[]) => tf.Tensor) =>
  (...tensors: tf.Tensor[]): tf.Tensor[] =>
    tf.grads(compute)(tensors.slice(0, -1), tensors.at(-1)!);

export interface Input {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Normal numbers, the same each time. */
export function inputs(shapes: readonly (readonly number[])[]): Input[] {
  return shapes.map((shape, n) => ({
    shape,
    values: tf.tidy(() =>
      tf
        .randomNormal([...shape], 0, 1, 'float32', n + 1)
        .dataSync<'float32'>()
        .slice(),
    ),
  }));
}
