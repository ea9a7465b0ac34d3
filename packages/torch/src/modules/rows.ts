import { HeedError } from '@heed/base';
import { checkTensor } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Shape } from '../state/shapes.js';

const sizeOf = (shape: Shape): number => shape.reduce((size, length) => size * length, 1);

/**
 * Runs what takes rows over the last axes of a tensor: x […, W] → […, W'], x […, A, B] as rows of A·B.
 *
 * @throws HeedError SHAPE_MISMATCH, DTYPE_UNSUPPORTED, INVALID_ARGUMENT, DISPOSED
 */
export function overRows(
  what: string,
  x: tf.Tensor,
  trailing: Shape,
  compute: (rows: tf.Tensor2D) => tf.Tensor2D,
): tf.Tensor {
  const leading = x instanceof tf.Tensor ? x.shape.slice(0, Math.max(0, x.rank - trailing.length)) : [];
  checkTensor(what, x, { axes: [...leading, ...trailing] });
  const rows = compute(tf.reshape(x, [sizeOf(leading), sizeOf(trailing)]));
  return tf.reshape(rows, [...leading, ...(rows.shape[1] === sizeOf(trailing) ? trailing : [rows.shape[1]])]);
}

/** Whole numbers of a tensor of any shape, read to the host, where they are checked. */
export function idsOf(what: string, ids: tf.Tensor): Int32Array {
  if (!(ids instanceof tf.Tensor)) {
    throw new HeedError('INVALID_ARGUMENT', { message: `${what} is no tensor`, hint: 'int32, of any shape' });
  }
  checkTensor(what, ids, { axes: ids.shape, dtype: 'int32' });
  return Int32Array.from(ids.dataSync<'int32'>());
}
