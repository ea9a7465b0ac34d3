import * as tf from '@tensorflow/tfjs-core';
import { addBias, type Ids } from '@heed/core/model-ops';
import { embed } from './embed.js';
import type { Parameters } from './parameters.js';

/** A gate: of each row the symbol before, the state and the context → p_gen before the sigmoid, [N, 1]. */
export type CopyGate = (ids: Ids, states: tf.Tensor2D, contexts: tf.Tensor2D) => tf.Tensor2D;

/**
 * Whether to write from the vocabulary or to copy: p_gen = σ(w_cᵀ c_t + w_sᵀ s_t + w_xᵀ y_{t−1} + b).
 *
 * @see See, Liu & Manning 2017, arXiv:1704.04368, eq. 8
 */
export function createCopyGate(
  parameters: Parameters,
  embedding: tf.Tensor2D,
  { stateWidth, contextWidth }: { readonly stateWidth: number; readonly contextWidth: number },
): CopyGate {
  const symbolKernel = parameters.kernel('copying/symbol_kernel', [embedding.shape[1], 1]);
  const stateKernel = parameters.kernel('copying/state_kernel', [stateWidth, 1]);
  const contextKernel = parameters.kernel('copying/context_kernel', [contextWidth, 1]);
  const bias = parameters.bias('copying/bias', new Float32Array(1));
  return (ids, states, contexts) => {
    const terms = [
      ...embed(embedding, ids, (rows) => [tf.matMul(rows, symbolKernel) as tf.Tensor2D]),
      tf.matMul(states, stateKernel),
      tf.matMul(contexts, contextKernel),
    ] as tf.Tensor2D[];
    return addBias(tf.addN(terms), bias);
  };
}
