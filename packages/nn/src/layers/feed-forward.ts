import * as tf from '@tensorflow/tfjs-core';
import { fusedOp } from './fused/fused-op.js';
import type { Parameters } from './parameters.js';

/** x [N, W] → [N, W] */
export type FeedForward = (x: tf.Tensor2D) => tf.Tensor2D;

/**
 * The position-wise feed-forward layer of a transformer, without biases and with a squared ReLU:
 *
 *   y = max(0, x W₁)² W₂
 *
 * The square makes it learn faster than a ReLU, costs next to nothing, and has a gradient without a comparison,
 * 2·max(0, a).
 *
 * Parameters: `key/hidden_kernel` [W, hidden] and `key/output_kernel` [hidden, W].
 *
 * @see Vaswani et al. 2017, arXiv:1706.03762, eq. 2; So et al. 2021, arXiv:2109.08668, §3.2, for the square
 */
export function createFeedForward(parameters: Parameters, key: string, width: number, hidden: number): FeedForward {
  const hiddenKernel = parameters.kernel(`${key}/hidden_kernel`, [width, hidden]);
  const outputKernel = parameters.kernel(`${key}/output_kernel`, [hidden, width]);
  return (x) => tf.matMul(squaredRelu(tf.matMul(x, hiddenKernel)), outputKernel);
}

/** max(0, x)², element by element; x [N, W]. */
export function squaredRelu(x: tf.Tensor2D): tf.Tensor2D {
  return fusedOp([x], {
    shape: x.shape,
    composed: () => composed(x),
    host: (values) => ({
      output: values.map((value) => Math.max(0, value) ** 2),
      backward: (dOutput) => [dOutput.map((d, n) => 2 * Math.max(0, values[n]) * d)],
    }),
  });
}

function composed(x: tf.Tensor2D): tf.Tensor2D {
  return tf.customGrad((...args) => {
    const save = args.at(-1) as unknown as tf.GradSaveFunc;
    const positive = tf.relu(x);
    save([positive]);
    return {
      value: tf.square(positive),
      gradFunc: (dOutput: tf.Tensor, [positive]: tf.Tensor[]) => tf.mul(tf.mul(positive!, dOutput), 2),
    };
  })(x) as tf.Tensor2D;
}
