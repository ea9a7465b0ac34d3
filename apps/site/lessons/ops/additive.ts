import { createMechanism } from '@heed/attention';
import * as tf from '@tensorflow/tfjs-core';
import type { Computation } from './computation.js';

/**
 * Bahdanau's alignment model: u_j = tanh(W₂ s + W₁ h_j + b) and e_j = vᵀ u_j, then softmax and context. Vectors are rows, so that W₂ is
 * [Q, U] and W₁ [M, U]; b is left out where there is none.
 */
export const additive: Computation = {
  needs: ['s', 'h', 'W₁', 'W₂', 'v'],
  compute({ s, h, v, b, 'W₁': ofMemory, 'W₂': ofQuery }) {
    const [queryWidth, units] = ofQuery!.shape;
    const mechanism = createMechanism(
      { kind: 'additive', queryWidth, memoryWidth: h!.shape[1], units, bias: b !== undefined, seed: 0 },
      {
        query_kernel: ofQuery!,
        memory_kernel: ofMemory!,
        vector: tf.reshape(v!, [units]),
        ...(b && { bias: tf.reshape(b, [units]) }),
      },
    );
    try {
      const memory = mechanism.prepare(tf.expandDims(h!, 0));
      const { query, keys, scores, weights, context } = mechanism.parts(tf.expandDims(s!, 0), memory);
      return { u: tf.tanh(tf.add(query, keys)), e: scores, α: weights, c: context };
    } finally {
      mechanism.dispose();
    }
  },
};
