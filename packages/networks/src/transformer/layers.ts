import * as tf from '@tensorflow/tfjs-core';
import type { AttentionMechanism } from '@heed/attention';
import {
  addResidual,
  adoptMechanism,
  createLayerNorm,
  rectifiedLayer,
  type Dropout,
  type LayerNorm,
  type Parameters,
} from '@heed/nn';
import type { TransformerConfig } from './config.js';

/** [B, T, E] → [B·T, E] */
export const flat = (x: tf.Tensor3D): tf.Tensor2D => tf.reshape(x, [x.shape[0] * x.shape[1], x.shape[2]]);

/** [B·T, E] → [B, T, E] */
export const deep = (x: tf.Tensor2D, batch: number): tf.Tensor3D =>
  tf.reshape(x, [batch, x.shape[0] / batch, x.shape[1]]);

/**
 * x + W₂ max(0, W₁ norm(x) + b₁) + b₂, of each row by itself. The norm comes first, and the sum stays as it is: so that many
 * layers train without a long warm-up.
 *
 * @see Vaswani et al. 2017, arXiv:1706.03762, §3.3; Xiong et al. 2020, arXiv:2002.04745, for the place of the norm
 */
export function createFeedForward(
  parameters: Parameters,
  key: string,
  { width, hiddenUnits }: Pick<TransformerConfig, 'width' | 'hiddenUnits'>,
): (x: tf.Tensor2D, dropout: Dropout | undefined) => tf.Tensor2D {
  const norm = createLayerNorm(parameters, `${key}/norm`, width);
  const kernel = parameters.kernel(`${key}/kernel`, [width, hiddenUnits]);
  const bias = parameters.bias(`${key}/bias`, new Float32Array(hiddenUnits));
  const outputKernel = parameters.kernel(`${key}/output_kernel`, [hiddenUnits, width]);
  const outputBias = parameters.bias(`${key}/output_bias`, new Float32Array(width));
  return (x, dropout) => {
    const hidden = rectifiedLayer(tf.matMul(norm(x), kernel), bias);
    const output = tf.matMul(hidden, outputKernel) as tf.Tensor2D;
    return addResidual(x, dropout ? dropout(output, key) : output, outputBias);
  };
}

/** Multi-head attention of the model's width with a norm before it; what it sees is to be added to its input. */
export interface AttentionLayer {
  readonly norm: LayerNorm;
  readonly mechanism: AttentionMechanism;
}

/**
 * @param turns whether queries and keys are turned by their positions
 * @see Vaswani et al. 2017, arXiv:1706.03762, §3.2.2
 */
export function createAttentionLayer(
  parameters: Parameters,
  key: string,
  { width, heads }: Pick<TransformerConfig, 'width' | 'heads'>,
  turns: boolean,
): AttentionLayer {
  const norm = createLayerNorm(parameters, `${key}_norm`, width);
  const mechanism = adoptMechanism(parameters, key, {
    kind: 'multiHead',
    queryWidth: width,
    memoryWidth: width,
    heads,
    // The paper's projections have none, and their gradients are sums that cost engines more than the products.
    bias: false,
    ...(turns && { rotary: {} }),
    // Layers of one seed must not start alike.
    seed: parameters.seedOf(key),
  });
  return { norm, mechanism };
}

/** x + y, y with dropout. */
export function addTo(x: tf.Tensor2D, y: tf.Tensor2D, site: string, dropout: Dropout | undefined): tf.Tensor2D {
  return tf.add(x, dropout ? dropout(y, site) : y);
}
