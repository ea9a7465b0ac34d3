import * as tf from '@tensorflow/tfjs-core';
import type { Parameters } from '../../definition.js';
import { linear, splitHeads } from '../../linear.js';
import { rmsNorm } from '../../rms-norm.js';
import { HEAD_NORM_EPSILON } from './depth.js';

/**
 * Contexts of heads over their root mean square, times x·σ(x) of a projection of the query: [N, H, T, Dv].
 *
 * @param parameters `gate_kernel` [Q, H·Dv], and where they are there `gate_bias` [H·Dv] and `gain` [Dv]
 */
export function gatedContexts(
  contexts: tf.Tensor4D,
  query: tf.Tensor3D,
  { gate_kernel, gate_bias, gain }: Parameters,
): tf.Tensor4D {
  const gate = splitHeads(linear(query, gate_kernel!, gate_bias), contexts.shape[1]);
  return tf.mul(rmsNorm(contexts, HEAD_NORM_EPSILON, gain), tf.mul(gate, tf.sigmoid(gate)));
}
