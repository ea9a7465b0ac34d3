import * as tf from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/core';

/** A number fixes an axis; a letter names a free one. */
export function checkTensor(
  what: string,
  tensor: tf.Tensor,
  axes: readonly (number | string)[],
  dtype: tf.DataType = 'float32',
): void {
  if (!(tensor instanceof tf.Tensor)) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${what} is not a tensor`,
      hint: `pass a ${dtype} tensor of shape [${axes.join(', ')}]`,
    });
  }
  const { shape } = tensor;
  if (shape.length !== axes.length || axes.some((axis, i) => typeof axis === 'number' && axis !== shape[i])) {
    throw new HeedError('SHAPE_MISMATCH', {
      message: `${what} has shape [${shape}], expected [${axes.join(', ')}]`,
      details: { shape, expected: axes },
    });
  }
  if (tensor.dtype !== dtype) {
    throw new HeedError('DTYPE_UNSUPPORTED', {
      message: `${what} is ${tensor.dtype}, expected ${dtype}`,
      hint: `convert it with tf.cast(tensor, '${dtype}')`,
    });
  }
  if (tensor.isDisposed) {
    throw new HeedError('DISPOSED', { message: `${what} [${shape}] was disposed` });
  }
}

/** Whole numbers in [0, limit], as a copy on the host. */
export function checkIndices(
  what: string,
  values: ArrayLike<number> | tf.Tensor1D,
  limit: number,
  length?: number,
): Int32Array {
  if (values instanceof tf.Tensor) checkTensor(what, values, ['n'], 'int32');
  const numbers = Array.from(values instanceof tf.Tensor ? values.dataSync<'int32'>() : values);
  if (length !== undefined && numbers.length !== length) {
    throw new HeedError('SHAPE_MISMATCH', {
      message: `${what}: ${numbers.length} given, ${length} expected`,
      details: { given: numbers.length, expected: length },
    });
  }
  const wrong = numbers.find((value) => !(Number.isInteger(value) && value >= 0 && value <= limit));
  if (wrong !== undefined) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${what}: ${wrong} is not a whole number in [0, ${limit}]`,
      details: { value: wrong, limit },
    });
  }
  return Int32Array.from(numbers);
}
