import * as tf from '@tensorflow/tfjs-core';
import { rectifiedLayer, squaredRelu } from '@heed/core/model-ops';
import type { Parameters } from './parameters.js';

/** The position-wise feed-forward layer of a transformer: W₂ f(W₁ x + b₁) + b₂, of each row by itself. */
export interface FeedForward {
  /** W₂ f(W₁ x + b₁): x [N, E] → [N, E]. */
  apply(x: tf.Tensor2D): tf.Tensor2D;
  /** b₂ [E], which whoever adds the result to something adds with it; absent from a layer without biases. */
  readonly bias?: tf.Variable<tf.Rank.R1>;
}

export interface FeedForwardOptions {
  /** E, width of what goes in and comes out. */
  readonly width: number;
  /** Width of the hidden part, W₁ x. */
  readonly feedForwardWidth: number;
  readonly activation: Activation;
}

type Create = (parameters: Parameters, key: string, width: number, feedForwardWidth: number) => FeedForward;

const ACTIVATIONS = { relu: rectified, squaredRelu: squared } satisfies Readonly<Record<string, Create>>;

/**
 * f of a feed-forward layer. 'relu' is max(0, a), in a layer with biases. 'squaredRelu' is max(0, a)², in a layer without: the
 * square makes it learn faster, costs next to nothing, and has a gradient without a comparison, 2·max(0, a).
 *
 * @see Vaswani et al. 2017, arXiv:1706.03762, eq. 2; So et al. 2021, arXiv:2109.08668, §3.2, for the square
 */
export type Activation = keyof typeof ACTIVATIONS;

/**
 * Parameters: with 'relu' `key/kernel` [E, F], `key/bias` [F], `key/output_kernel` [F, E] and `key/output_bias` [E]; with
 * 'squaredRelu' `key/hidden_kernel` [E, F] and `key/output_kernel` [F, E].
 */
export function createFeedForward(
  parameters: Parameters,
  key: string,
  { width, feedForwardWidth, activation }: FeedForwardOptions,
): FeedForward {
  return ACTIVATIONS[activation](parameters, key, width, feedForwardWidth);
}

function rectified(parameters: Parameters, key: string, width: number, feedForwardWidth: number): FeedForward {
  const kernel = parameters.kernel(`${key}/kernel`, [width, feedForwardWidth]);
  const hiddenBias = parameters.bias(`${key}/bias`, new Float32Array(feedForwardWidth));
  const outputKernel = parameters.kernel(`${key}/output_kernel`, [feedForwardWidth, width]);
  const bias = parameters.bias(`${key}/output_bias`, new Float32Array(width));
  return { apply: (x) => tf.matMul(rectifiedLayer(tf.matMul(x, kernel), hiddenBias), outputKernel), bias };
}

function squared(parameters: Parameters, key: string, width: number, feedForwardWidth: number): FeedForward {
  const kernel = parameters.kernel(`${key}/hidden_kernel`, [width, feedForwardWidth]);
  const outputKernel = parameters.kernel(`${key}/output_kernel`, [feedForwardWidth, width]);
  return { apply: (x) => tf.matMul(squaredRelu(tf.matMul(x, kernel)), outputKernel) };
}
