import * as tf from '@tensorflow/tfjs-core';
import { fusedOp } from './fused-op.js';
import { hasKernel } from './kernel.js';
import { lookup } from './lookup.js';

/** Which rows of a table are added up, and where: output row `to[n]` gets `factors[n]` times the table's row `from[n]`. */
export interface RowSums {
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly factors: Float32Array;
  /** Rows of the output. */
  readonly rows: number;
}

/** Weighted sums of the rows of a table [V, W] → [rows, W]: embeddings of what has several parts. */
export function lookupSums(table: tf.Tensor2D, { from, to, factors, rows }: RowSums): tf.Tensor2D {
  const [size, width] = table.shape;
  return fusedOp([table], {
    shape: [rows, width],
    composed() {
      if (hasKernel('UnsortedSegmentSum')) return segmentSums(table, { from, to, factors, rows });
      const which = new Float32Array(rows * from.length);
      from.forEach((_, n) => (which[to[n] * from.length + n] = factors[n]));
      return tf.matMul(tf.tensor2d(which, [rows, from.length]), lookup(table, from));
    },
    host(values) {
      const add = (source: Float32Array, sourceRow: number, sums: Float64Array, row: number, factor: number): void => {
        for (let w = 0; w < width; w++) sums[row * width + w] += factor * source[sourceRow * width + w];
      };
      const sums = new Float64Array(rows * width);
      for (let n = 0; n < from.length; n++) add(values, from[n], sums, to[n], factors[n]);
      return {
        output: Float32Array.from(sums),
        backward(dOutput) {
          const gradient = new Float64Array(size * width);
          for (let n = 0; n < from.length; n++) add(dOutput, to[n], gradient, from[n], factors[n]);
          return [Float32Array.from(gradient)];
        },
      };
    },
  });
}

/** Its gradient is another sum of the same kind, from the output's rows to the table's. */
function segmentSums(table: tf.Tensor2D, sums: RowSums): tf.Tensor2D {
  const size = table.shape[0];
  const { from, to, factors, rows } = sums;
  return tf.customGrad((...args) => ({
    value: gatherAndAdd(args[0] as tf.Tensor2D, { from, to, factors, rows }),
    gradFunc: (dOutput: tf.Tensor) => gatherAndAdd(dOutput as tf.Tensor2D, { from: to, to: from, factors, rows: size }),
  }))(table) as tf.Tensor2D;
}

const gatherAndAdd = (x: tf.Tensor2D, { from, to, factors, rows }: RowSums): tf.Tensor2D =>
  tf.tidy(() => {
    const scaled = tf.mul(tf.gather(x, tf.tensor1d(from, 'int32')), tf.tensor2d(factors, [from.length, 1]));
    return tf.unsortedSegmentSum(scaled, tf.tensor1d(to, 'int32'), rows) as tf.Tensor2D;
  });
