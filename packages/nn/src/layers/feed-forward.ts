import * as tf from '@tensorflow/tfjs-core';
import { squaredRelu } from '@heed/core/model-ops';
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
