import * as tf from '@tensorflow/tfjs-core';
import { fusedOp } from './fused-op.js';

/** x[:, 0 … count), of x [N, W]. */
export function firstColumns(x: tf.Tensor2D, count: number): tf.Tensor2D {
  const [rows, width] = x.shape;
  return fusedOp([x], {
    shape: [rows, count],
    composed: () => tf.slice(x, [0, 0], [rows, count]),
    host: (values) => ({
      output: copyColumns(values, width, new Float32Array(rows * count), count, count),
      backward: (dOutput) => [copyColumns(dOutput, count, new Float32Array(rows * width), width, count)],
    }),
  });
}

function copyColumns(from: Float32Array, fromWidth: number, to: Float32Array, toWidth: number, count: number) {
  for (let n = 0, m = 0; n < from.length; n += fromWidth, m += toWidth) to.set(from.subarray(n, n + count), m);
  return to;
}
