import type * as tf from '@tensorflow/tfjs-core';
import { layerNorm } from '@heed/core/model-ops';
import type { Parameters } from './parameters.js';

/** x [N, W] → [N, W] */
export type LayerNorm = (x: tf.Tensor2D) => tf.Tensor2D;

/**
 * Layer normalisation with a learnt gain, which starts at 1, and bias, which starts at 0: core's `layerNorm`.
 *
 * Parameters: `key/gain` [W] and `key/bias` [W].
 */
export function createLayerNorm(parameters: Parameters, key: string, width: number, epsilon?: number): LayerNorm {
  const gain = parameters.bias(`${key}/gain`, new Float32Array(width).fill(1));
  const bias = parameters.bias(`${key}/bias`, new Float32Array(width));
  return (x) => layerNorm(x, gain, bias, epsilon);
}
