import * as tf from '@tensorflow/tfjs-core';
import { addBias, repeatedProduct, tanhLayer, type Parameters } from '@heed/nn';

/** What turns Luong's states and contexts into scores: s̃_t = tanh(W_c [c_t; s_t] + b), logits = W_s s̃_t + b'. */
export interface Attentional {
  /** Begins a loop over the output. Each call gives s̃ of states [N, H] and contexts [N, C]: [N, W]. */
  unroll(): (states: tf.Tensor2D, contexts: tf.Tensor2D) => tf.Tensor2D;
  /** s̃ [N, W] → [N, V] */
  logits(units: tf.Tensor2D): tf.Tensor2D;
}

interface Widths {
  /** H */
  readonly stateWidth: number;
  /** C */
  readonly contextWidth: number;
  /** W, of s̃ */
  readonly outputUnits: number;
  /** V */
  readonly symbols: number;
}

export function createAttentional(
  parameters: Parameters,
  { stateWidth, contextWidth, outputUnits, symbols }: Widths,
): Attentional {
  const stateKernel = parameters.kernel('output/state_kernel', [stateWidth, outputUnits]);
  const contextKernel = parameters.kernel('output/context_kernel', [contextWidth, outputUnits]);
  const hiddenBias = parameters.bias('output/hidden_bias', new Float32Array(outputUnits));
  const kernel = parameters.kernel('output/kernel', [outputUnits, symbols]);
  const bias = parameters.bias('output/bias', new Float32Array(symbols));
  return {
    unroll() {
      const ofState = repeatedProduct(stateKernel);
      const ofContext = repeatedProduct(contextKernel);
      return (states, contexts) => tanhLayer([ofState(states), ofContext(contexts)], hiddenBias);
    },
    logits: (units) => addBias(tf.matMul(units, kernel), bias),
  };
}
