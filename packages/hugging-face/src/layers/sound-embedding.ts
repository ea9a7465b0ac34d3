import * as tf from '@tensorflow/tfjs-core';
import { gelu } from '@heed/core/model-ops';
import type { ParameterTree } from '../parameters.js';

/** Frames of spectrograms as vectors, half as many: [B, bands, frames] → [B, frames/2, width]. */
export type SoundEmbedding = (features: tf.Tensor3D) => tf.Tensor3D;

/**
 * Two convolutions over time, of which the second takes every other frame, with GELU after each.
 *
 * @see Radford et al. 2022, arXiv:2212.04356, §2.2
 */
export function soundEmbedding(weights: ParameterTree, bands: number, width: number): SoundEmbedding {
  const first = convolution(weights.at('conv1'), bands, width, 1);
  const second = convolution(weights.at('conv2'), width, width, 2);
  return (features) => gelu(second(gelu(first(tf.transpose(features, [0, 2, 1])))));
}

/** Convolution of three neighbours: `weight` [out, in, 3] and `bias` [out]; [B, T, in] → [B, T / stride, out]. */
function convolution(
  weights: ParameterTree,
  inputs: number,
  outputs: number,
  stride: number,
): (x: tf.Tensor3D) => tf.Tensor3D {
  const WIDTH = 3;
  const weight = weights.get('weight', [outputs, inputs, WIDTH]);
  const bias = weights.get('bias', [outputs]);
  return (x) => {
    const padded = tf.pad(x, [
      [0, 0],
      [1, 1],
      [0, 0],
    ]) as tf.Tensor3D;
    const kernel = tf.transpose(weight.tensor<tf.Rank.R3>(), [2, 1, 0]);
    return tf.add(tf.conv1d(padded, kernel, stride, 'valid'), bias.tensor());
  };
}
