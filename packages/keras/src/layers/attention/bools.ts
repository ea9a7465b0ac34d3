import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** A mask of any kind of numbers as bools, as Keras casts masks. */
export const toBool = (mask: Tensor): Tensor =>
  mask.dtype === 'bool' ? mask : tf.notEqual(mask, tf.scalar(0, mask.dtype));

/** i ≥ j for queries i and keys j counted from 0: bool [1, Tq, Tk]. */
export function causalMask(queries: number, keys: number): Tensor {
  return tf.greaterEqual(column(queries), row(keys));
}

/** |i − j| < width: bool [1, Tq, Tk] */
export function windowMask(queries: number, keys: number, width: number): Tensor {
  return tf.less(tf.abs(tf.sub(column(queries), row(keys))), tf.scalar(width, 'int32'));
}

const column = (length: number): Tensor => tf.reshape(tf.range(0, length, 1, 'int32'), [1, length, 1]);
const row = (length: number): Tensor => tf.reshape(tf.range(0, length, 1, 'int32'), [1, 1, length]);
