import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * Products of the vectors along an axis of x and one of y, batch by batch: x [B, …, D, …], y [B, …, D, …] → x's other axes, then y's.
 *
 * @param normalize whether vectors are first divided by their lengths, for a cosine
 * @see Keras 3, `batch_dot`
 */
export function dotAlong(x: Tensor, y: Tensor, xAxis: number, yAxis: number, normalize: boolean): Tensor {
  const [first, second] = [normalize ? unit(x, xAxis) : x, normalize ? unit(y, yAxis) : y];
  const [left, leftShape] = asRows(first, xAxis);
  const [right, rightShape] = asRows(second, yAxis);
  const shape = [x.shape[0], ...leftShape, ...rightShape];
  return tf.reshape(tf.matMul(left, right, false, true), shape.length === 1 ? [...shape, 1] : shape);
}

/** x / max(|x|, 1e-7) along an axis. */
export function unit(x: Tensor, axis: number | readonly number[], epsilon = 1e-7): Tensor {
  const inverse = tf.rsqrt(tf.sum(tf.square(x), axis as number | number[], true));
  return tf.mul(x, tf.minimum(inverse, 1 / epsilon));
}

/** [B, N, D], and the shape of what became N. */
function asRows(x: Tensor, axis: number): [Tensor, number[]] {
  const others = x.shape.map((_, n) => n).filter((n) => n !== 0 && n !== axis);
  const shape = others.map((n) => x.shape[n]);
  const rows = tf.transpose(x, [0, ...others, axis]);
  return [tf.reshape(rows, [x.shape[0], -1, x.shape[axis]]), shape];
}
