import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Columns in equal groups. */
export const groups = (x: Tensor, count: number): Tensor[] => tf.split(x, count, 1);

/** σ'(x) from σ(x). */
export const slopeOfSigmoid = (y: Tensor): Tensor => tf.mul(y, tf.sub(1, y));

/** tanh'(x) from tanh x. */
export const slopeOfTanh = (y: Tensor): Tensor => tf.sub(1, tf.square(y));
