import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** What a function makes of x as a constant: its gradient is 0. Comparisons have no gradient in TensorFlow.js, and stop any that reaches them. */
export const untaped = (x: Tensor, make: (x: Tensor) => Tensor): Tensor =>
  tf.customGrad((taped) => ({ value: make(taped as Tensor), gradFunc: () => tf.zeros(x.shape) }))(x);

/** 1 where a number is larger than a threshold, 0 elsewhere. */
export const isOver = (x: Tensor, threshold: number): Tensor =>
  untaped(x, (value) => tf.cast(tf.greater(value, threshold), 'float32'));

/** The same of several tensors. */
export const untapedOf = (tensors: readonly Tensor[], make: (tensors: readonly Tensor[]) => Tensor): Tensor =>
  tf.customGrad((...taped) => {
    const given = taped.slice(0, tensors.length) as Tensor[];
    return { value: make(given), gradFunc: () => given.map(({ shape }) => tf.zeros(shape)) };
  })(...tensors);
