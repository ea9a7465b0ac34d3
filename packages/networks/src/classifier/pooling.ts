import * as tf from '@tensorflow/tfjs-core';
import { additiveAttention, padding } from '@heed/core';
import { addBias, meanPooling, type Encoded, type Parameters } from '@heed/nn';
import type { PoolingChoice } from './config.js';

/** Makes one vector of each sequence. */
export interface Pooling {
  /** C, of the vector. */
  readonly width: number;
  /** @returns vectors [B, C]; weights [B, T] with attention, rows sum to 1 */
  pool(encoded: Encoded): Pooled;
}

export interface Pooled {
  readonly vectors: tf.Tensor2D;
  readonly weights?: tf.Tensor2D;
}

export function createPooling(
  choice: PoolingChoice,
  parameters: Parameters,
  key: string,
  memoryWidth: number,
): Pooling {
  switch (choice.kind) {
    case 'attentive':
      return attentive(choice.units, parameters, key, memoryWidth);
    case 'mean':
      return { width: memoryWidth, pool: ({ memory, lengths }) => ({ vectors: meanPooling(memory, lengths) }) };
    case 'last':
      return { width: memoryWidth, pool: ({ last }) => ({ vectors: tf.concat2d(Object.values(last), 1) }) };
  }
}

/**
 * Attention of a text to itself, with one query for all texts, which is learnt:
 *
 *   u_t = tanh(W h_t + b);  α = softmax_t(u_tᵀ u);  s = Σ_t α_t h_t
 *
 * That is Bahdanau's additive attention with b for the query's part and u for v.
 *
 * @see Yang et al. 2016, "Hierarchical attention networks for document classification", eq. 5–7; Lin et al. 2017,
 *   arXiv:1703.03130, eq. 5, without b
 */
function attentive(units: number, parameters: Parameters, key: string, memoryWidth: number): Pooling {
  const kernel = parameters.kernel(`${key}/kernel`, [memoryWidth, units]);
  const bias = parameters.bias(`${key}/bias`, new Float32Array(units));
  const vector = parameters.kernel(`${key}/vector`, [units, 1]);
  return {
    width: memoryWidth,
    pool({ memory, lengths }) {
      const [batch, time] = memory.shape;
      const projected = tf.matMul(tf.reshape(memory, [batch * time, memoryWidth]), kernel);
      const { context, weights } = additiveAttention(
        tf.reshape(addBias(tf.zeros([batch, units]), bias), [batch, 1, units]),
        tf.reshape(projected, [batch, time, units]),
        tf.reshape(vector, [units]),
        memory,
        { ...(lengths && { mask: padding(lengths) }), returnWeights: true },
      );
      return { vectors: tf.reshape(context, [batch, memoryWidth]), weights: tf.reshape(weights, [batch, time]) };
    },
  };
}
