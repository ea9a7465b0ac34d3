import * as tf from '@tensorflow/tfjs-core';
import { HeedError, show } from '@heed/base';

/** Numbers in row-major order, such as those of a picture: plain, or a tensor, which stays the caller's. */
export type Values = tf.Tensor | { readonly shape: readonly number[]; readonly data: ArrayLike<number> };

/**
 * Numbers of an input as a tensor.
 *
 * @param axes what its axes are, for messages; a number where a length is given
 * @throws HeedError INVALID_ARGUMENT, SHAPE_MISMATCH
 */
export function readValues(name: string, values: Values | undefined, axes: readonly (string | number)[]): tf.Tensor {
  if (typeof values !== 'object' || values === null || !Array.isArray(values.shape)) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${name} are ${show(values)}`,
      hint: `a tensor [${axes.join(', ')}], or its shape and data`,
    });
  }
  const { shape } = values;
  const fits = shape.length === axes.length && axes.every((axis, n) => typeof axis === 'string' || axis === shape[n]);
  const size = shape.reduce((product, length) => product * length, 1);
  if (!fits || size === 0 || (!(values instanceof tf.Tensor) && values.data.length !== size)) {
    throw new HeedError('SHAPE_MISMATCH', {
      message: `${name} are [${shape}]`,
      hint: `[${axes.join(', ')}] is wanted, with as many numbers as that`,
      details: { shape, axes },
    });
  }
  return values instanceof tf.Tensor ? values : tf.tensor(Float32Array.from(values.data), [...shape], 'float32');
}
