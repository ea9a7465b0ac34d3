import * as tf from '@tensorflow/tfjs-core';
import { fusedOp } from './fused-op.js';
import { columnSums, sum } from './hidden-layer.js';

/** max(0, x + bias): x [N, W], bias [W]. */
export function rectifiedLayer(x: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  const [rows, width] = x.shape;
  return fusedOp([x, bias], {
    shape: [rows, width],
    readsWell: true,
    composed: () => tf.relu(tf.add(x, bias)),
    host(...values) {
      const output = sum(values, width);
      for (let n = 0; n < output.length; n++) if (output[n] < 0) output[n] = 0;
      return {
        output,
        backward(dOutput) {
          const gradient = dOutput.map((d, n) => (output[n] > 0 ? d : 0));
          return [gradient, columnSums(gradient, width)];
        },
      };
    },
  });
}

/** x + y + bias: a residual connection around a layer with a bias. x and y [N, W], bias [W]. */
export function addResidual(x: tf.Tensor2D, y: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  const [rows, width] = x.shape;
  return fusedOp([x, y, bias], {
    shape: [rows, width],
    readsWell: true,
    composed: () => tf.add(tf.add(x, y), bias),
    host: (...values) => ({
      output: sum(values, width),
      backward: (dOutput) => [dOutput, dOutput, columnSums(dOutput, width)],
    }),
  });
}
