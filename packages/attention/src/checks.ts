import * as tf from '@tensorflow/tfjs-core';
import { HeedError, checkTensor } from '@heed/core';

/** Whole numbers in [0, limit], as a copy on the host. */
export function checkIndices(
  what: string,
  values: ArrayLike<number> | tf.Tensor1D,
  limit: number,
  length?: number,
): Int32Array {
  if (values instanceof tf.Tensor) checkTensor(what, values, { axes: ['n'], dtype: 'int32' });
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
