import { additiveAttention, dotProductAttention, linearAttention, weightedContext } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';

/** Computations that benchmarks time: attention by Heed's ops, and composed of TensorFlow.js's ops. */

export type Compute = (...tensors: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
type Op = (...tensors: tf.Tensor[]) => tf.Tensor;

export const fusedDotProduct: Op = (query, key, value) =>
  dotProductAttention(query as tf.Tensor4D, key as tf.Tensor4D, value as tf.Tensor4D).context;

export const composedDotProduct: Op = (query, key, value) =>
  tf.matMul(tf.softmax(tf.mul(tf.matMul(query!, key!, false, true), query!.shape[3]! ** -0.5)), value!);

export const fusedAdditive: Op = (query, key, vector, value) =>
  additiveAttention(query as tf.Tensor3D, key as tf.Tensor3D, vector as tf.Tensor1D, value as tf.Tensor3D).context;

/** The same with a vector so long that tanh has to be computed as such: four times as long as trained ones. */
export const fusedLongAdditive: Op = (query, key, vector, value) =>
  fusedAdditive(query, key, tf.mul(vector!, 4), value);
export const composedLongAdditive: Op = (query, key, vector, value) =>
  composedAdditive(query, key, tf.mul(vector!, 4), value);

export const composedAdditive: Op = (query, key, vector, value) => {
  const [batch, queries, units] = query!.shape as [number, number, number];
  const hidden = tf.tanh(tf.add(tf.expandDims(query!, 2), tf.expandDims(key!, 1)));
  const scores = tf.matMul(tf.reshape(hidden, [-1, units]), tf.reshape(vector!, [units, 1]));
  return tf.matMul(tf.softmax(tf.reshape(scores, [batch, queries, key!.shape[1]!])), value!);
};

/** As `linearAttention` is: query i sees keys 0 to i. */
export const causalDotProduct: Op = (query, key, value) =>
  dotProductAttention(query as tf.Tensor4D, key as tf.Tensor4D, value as tf.Tensor4D, { causal: true }).context;

/** The gated delta rule, which computes most for each step; of normal numbers, and stable with keys of 64 of them. */
export const gatedDelta: Op = (query, key, value, decay, strength) =>
  linearAttention(query!, key!, value!, {
    logDecay: tf.neg(tf.square(decay!)),
    beta: tf.div(tf.sigmoid(strength!), 64),
  }).context;

export const plainLinear: Op = (query, key, value) => linearAttention(query!, key!, value!).context;

export const fusedWeighted: Op = (scores, value) => weightedContext(scores!, value!).context;

export const composedWeighted: Op = (scores, value) => tf.matMul(tf.softmax(scores!), value!);

/** Gradients with respect to all inputs; the last tensor is the gradient of the output. */
export const withGradients =
  (compute: Op): Compute =>
  (...tensors) =>
    tf.grads(compute)(tensors.slice(0, -1), tensors.at(-1)!);

export interface Input {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export type Shape = readonly number[];

/** Shapes of query, key and value, [1, 8, T, 64] each. */
export const eightHeads = (time: number): readonly Shape[] => Array.from({ length: 3 }, () => [1, 8, time, 64]);

/** Shapes of query, key, vector and value of additive attention with 128 units and values of width 256. */
export const additiveShapes = (batch: number, time: number): readonly Shape[] => [
  [batch, time, 128],
  [batch, time, 128],
  [128],
  [batch, time, 256],
];

/** Number of floating-point operations of the two matrix products of `eightHeads`. */
export const flops = (time: number): number => 4 * 8 * time * time * 64;

/** Length of a trained vector of additive attention with 64 or 128 units. */
const TRAINED = 3.5;

/** Inputs of the given shapes: normal numbers, the same each time. A vector, which additive attention alone has, is as long as trained ones. */
export function inputs(shapes: readonly Shape[]): Input[] {
  return shapes.map((shape, n) => ({
    shape,
    values: tf.tidy(() =>
      tf
        .randomNormal([...shape], 0, shape.length === 1 ? TRAINED / Math.sqrt(shape[0]!) : 1, 'float32', n + 1)
        .dataSync<'float32'>()
        .slice(),
    ),
  }));
}
