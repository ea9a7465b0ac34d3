import * as tf from '@tensorflow/tfjs-core';
import { isHostEngine } from './fused-op.js';

/**
 * x W, [N, X]·[X, Y], for the many x of one unrolled loop. On the host engine the gradient in W is computed once, as one
 * product of all x and all gradients end to end, where the tape would make one of the size of W per step and add them up.
 *
 * It works through a scalar that every product depends on and that itself depends on W: going back, the tape reaches it
 * after all of them.
 */
export function repeatedProduct(kernel: tf.Variable<tf.Rank.R2>): (x: tf.Tensor2D) => tf.Tensor2D {
  if (!isHostEngine()) return (x) => tf.matMul(x, kernel);
  const inputs: Float32Array[] = [];
  const gradients: Float32Array[] = [];
  const link = tf.customGrad(() => ({
    value: tf.scalar(0),
    gradFunc: () => tf.matMul(endToEnd(inputs, kernel.shape[0]), endToEnd(gradients, kernel.shape[1]), true, false),
  }))(kernel);
  return (x) => {
    const values = x.dataSync<'float32'>();
    return tf.customGrad(() => ({
      value: tf.matMul(x, kernel),
      gradFunc(dOutput: tf.Tensor) {
        inputs.push(values);
        gradients.push(dOutput.dataSync<'float32'>());
        return [tf.matMul(dOutput as tf.Tensor2D, kernel, false, true), tf.scalar(0)];
      },
    }))(x, link) as tf.Tensor2D;
  };
}

function endToEnd(pieces: readonly Float32Array[], width: number): tf.Tensor2D {
  const values = new Float32Array(pieces.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const piece of pieces) {
    values.set(piece, at);
    at += piece.length;
  }
  return tf.tensor2d(values, [values.length / width, width]);
}
