import * as tf from '@tensorflow/tfjs-core';
import { fusedOp } from './fused-op.js';

/**
 * Σ_n counts[n]·Σ_j min(α_nj, c_nj), a scalar: what is looked at again. Both [N, S]; a tie counts as the attention's.
 *
 * @param counts weight of each row, [N]
 * @see See, Liu & Manning 2017, arXiv:1704.04368, eq. 12
 */
export function coverageLoss(weights: tf.Tensor2D, coverage: tf.Tensor2D, counts: Float32Array): tf.Scalar {
  const [rows, time] = weights.shape;
  return fusedOp([weights, coverage], {
    shape: [],
    readsWell: true,
    composed: () => tf.sum(tf.mul(tf.minimum(weights, coverage), tf.tensor2d(counts, [rows, 1]))),
    host(looks, covered) {
      const dLooks = new Float32Array(looks.length);
      const dCovered = new Float32Array(looks.length);
      let loss = 0;
      for (let n = 0; n < rows; n++) {
        for (let at = n * time; at < (n + 1) * time; at++) {
          loss += counts[n] * Math.min(looks[at], covered[at]);
          (looks[at] <= covered[at] ? dLooks : dCovered)[at] = counts[n];
        }
      }
      return {
        output: Float32Array.of(loss),
        backward: ([dLoss]) => [dLooks, dCovered].map((gradient) => gradient.map((d) => d * dLoss!)),
      };
    },
  });
}
