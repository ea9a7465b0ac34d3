import * as tf from '@tensorflow/tfjs-core';
import type { DataType, Tensor } from '@tensorflow/tfjs-core';
import { initializers, type Shape } from '@tensorflow/tfjs-layers';
import type { Initializer } from './identifiers.js';

/**
 * An initializer that sees a kernel [I..., O...] as the matrix [I, O] that it is, as Keras 3's EinsumDense does: the scale of Glorot and He goes
 * by these two widths.
 */
export function flattened(initializer: Initializer, bound: number): Initializer {
  const own = initializers.zeros();
  own.apply = (shape: Shape, dtype?: DataType): Tensor =>
    tf.tidy(() => {
      const size = (axes: Shape): number => axes.reduce<number>((a, b) => a * b!, 1);
      const matrix = initializer.apply([size(shape.slice(0, bound)), size(shape.slice(bound))], dtype);
      return tf.reshape(matrix, shape as number[]);
    });
  return own;
}
