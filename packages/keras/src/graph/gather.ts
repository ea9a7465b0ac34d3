import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { untaped } from '../standard/untaped.js';
import { moveAxes } from './array-operations.js';

/** Indices of which negative ones are counted from the end. */
export const placesFromTheStart = (indices: Tensor, length: number): Tensor =>
  untaped(indices, (given) => {
    const whole = tf.cast(given, 'int32');
    return tf.where(tf.less(whole, 0), tf.add(whole, tf.scalar(length, 'int32')), whole);
  });

/**
 * Rows [n, …] of a table at these places, which have no gradient: those of TensorFlow.js's gather fail where the places were computed from what is
 * trained.
 */
export function rowsAt(table: Tensor, places: Tensor): Tensor {
  const [length, ...rest] = table.shape as [number, ...number[]];
  return tf.customGrad((...taped) => {
    const [values, at, save] = taped as unknown as [Tensor, Tensor, tf.GradSaveFunc];
    save([at]);
    return {
      value: tf.gather(values, at),
      gradFunc: (dy: Tensor, saved: Tensor[]) => [
        tf.reshape(addedAt(tf.reshape(dy, [at.size, -1]), saved[0]!, length), [length, ...rest]),
        tf.zeros(at.shape),
      ],
    };
  })(table, places);
}

/** What stands at each place along an axis: [a, n, c] and places [p, q] to [a, p, q, c]. */
export function takeAt(x: Tensor, places: Tensor, axis: number): Tensor {
  const taken = rowsAt(axis === 0 ? x : moveAxes(x, [axis], [0]), places);
  if (axis === 0) return taken;
  const axes = places.shape.map((_, n) => n);
  return moveAxes(
    taken,
    axes,
    axes.map((n) => n + axis),
  );
}

const addedAt = (rows: Tensor, places: Tensor, length: number): Tensor =>
  tf.unsortedSegmentSum(rows, tf.reshape(places, [-1]) as tf.Tensor1D, length);

/** Rows [m, …], each added to the row of [length, …] at its place, which has no gradient. */
export function sumsAt(rows: Tensor, places: Tensor, length: number): Tensor {
  return tf.customGrad((...taped) => {
    const [given, at, save] = taped as unknown as [Tensor, Tensor, tf.GradSaveFunc];
    save([at]);
    return {
      value: addedAt(given, at, length),
      gradFunc: (dy: Tensor, saved: Tensor[]) => [
        tf.reshape(tf.gather(dy, tf.reshape(saved[0]!, [-1])), given.shape),
        tf.zeros(at.shape),
      ],
    };
  })(rows, places);
}
