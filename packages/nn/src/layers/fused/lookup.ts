import * as tf from '@tensorflow/tfjs-core';
import { fusedOp } from './fused-op.js';
import { hasKernel } from './kernel.js';

/**
 * The rows of a table [V, W] by number → [N, W]: embeddings. Where an engine lacks the kernel that the gradient needs, the
 * composed form multiplies one-hot rows with the table: alphabets are small.
 */
export function lookup(table: tf.Tensor2D, ids: Int32Array): tf.Tensor2D {
  const [rows, width] = table.shape;
  return fusedOp([table], {
    shape: [ids.length, width],
    composed() {
      const which = tf.tensor1d(ids, 'int32');
      return hasKernel('UnsortedSegmentSum') ? gathered(table, which) : tf.matMul(tf.oneHot(which, rows), table);
    },
    host(values) {
      const output = new Float32Array(ids.length * width);
      for (let n = 0; n < ids.length; n++) {
        output.set(values.subarray(ids[n] * width, (ids[n] + 1) * width), n * width);
      }
      return {
        output,
        backward(dOutput) {
          const sums = new Float64Array(rows * width);
          for (let n = 0; n < ids.length; n++) {
            const to = ids[n] * width;
            for (let w = 0; w < width; w++) sums[to + w] += dOutput[n * width + w];
          }
          return [Float32Array.from(sums)];
        },
      };
    },
  });
}

/** `tf.gather`, whose own gradient transposes what it has got twice, to no effect for rows. */
function gathered(table: tf.Tensor2D, which: tf.Tensor1D): tf.Tensor {
  const rows = table.shape[0];
  return tf.customGrad((_, save) => {
    (save as unknown as tf.GradSaveFunc)([which]);
    return {
      value: tf.gather(table, which),
      gradFunc: (dOutput: tf.Tensor, saved: tf.Tensor[]) =>
        tf.unsortedSegmentSum(dOutput, saved[0] as tf.Tensor1D, rows),
    };
  })(table);
}
