import * as tf from '@tensorflow/tfjs-core';
import { geluLayer, rectifiedLayer, squaredRelu } from '@heed/core/model-ops';
import type { Parameters } from './parameters.js';

/** The position-wise feed-forward layer of a transformer: W₂ f(W₁ x + b₁) + b₂, of each row by itself. */
export interface FeedForward {
  /** W₂ f(W₁ x + b₁): x [N, E] → [N, E]. */
  apply(x: tf.Tensor2D): tf.Tensor2D;
  /** b₂ [E], which whoever adds the result to something adds with it; absent from a layer without biases. */
  readonly bias?: tf.Tensor1D;
}

export interface FeedForwardOptions {
  /** E, width of what goes in and comes out. */
  readonly width: number;
  /** Width of the hidden part, W₁ x. */
  readonly feedForwardWidth: number;
  readonly activation: Activation;
}

type Create = (parameters: Parameters, key: string, width: number, feedForwardWidth: number) => FeedForward;

const ACTIVATIONS = {
  relu: biased(rectifiedLayer),
  gelu: biased(geluLayer),
  squaredRelu: squared,
} satisfies Readonly<Record<string, Create>>;

/**
 * f of a feed-forward layer. 'relu' is max(0, a) and 'gelu' a·Φ(a), in a layer with biases. 'squaredRelu' is max(0, a)², in a layer without: the
 * square makes it learn faster, costs next to nothing, and has a gradient without a comparison, 2·max(0, a).
 *
 * @see Vaswani et al. 2017, arXiv:1706.03762, eq. 2; Hendrycks & Gimpel 2016, arXiv:1606.08415; So et al. 2021, arXiv:2109.08668, §3.2, for the square
 */
export type Activation = keyof typeof ACTIVATIONS;

/**
 * Parameters: with 'relu' and 'gelu' `key/kernel` [E, F], `key/bias` [F], `key/output_kernel` [F, E] and `key/output_bias` [E]; with
 * 'squaredRelu' `key/hidden_kernel` [E, F] and `key/output_kernel` [F, E].
 */
export function createFeedForward(
  parameters: Parameters,
  key: string,
  { width, feedForwardWidth, activation }: FeedForwardOptions,
): FeedForward {
  return ACTIVATIONS[activation](parameters, key, width, feedForwardWidth);
}

/** A layer with biases, of an activation that adds the first one. */
function biased(activate: (x: tf.Tensor2D, bias: tf.Tensor1D) => tf.Tensor2D): Create {
  return (parameters, key, width, feedForwardWidth) => {
    const kernel = parameters.kernel(`${key}/kernel`, [width, feedForwardWidth]);
    const hiddenBias = parameters.bias(`${key}/bias`, new Float32Array(feedForwardWidth));
    const outputKernel = parameters.kernel(`${key}/output_kernel`, [feedForwardWidth, width]);
    const bias = parameters.bias(`${key}/output_bias`, new Float32Array(width));
    return { apply: (x) => tf.matMul(activate(tf.matMul(x, kernel), hiddenBias), outputKernel), bias };
  };
}

function squared(parameters: Parameters, key: string, width: number, feedForwardWidth: number): FeedForward {
  const kernel = parameters.kernel(`${key}/hidden_kernel`, [width, feedForwardWidth]);
  const outputKernel = parameters.kernel(`${key}/output_kernel`, [feedForwardWidth, width]);
  return { apply: (x) => tf.matMul(squaredRelu(tf.matMul(x, kernel)), outputKernel) };
}
