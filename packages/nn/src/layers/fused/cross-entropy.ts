import * as tf from '@tensorflow/tfjs-core';
import { MODEL_KERNELS, type TargetAttributes } from '@heed/core';
import { fusedOp } from './fused-op.js';
import { checkSmoothing } from './smoothing.js';

/**
 * Σ_n weights[n] · H(target n, softmax(logits n)), a scalar, in nats; logits [N, V]. Padding has weight 0.
 *
 * @throws HeedError INVALID_ARGUMENT for a smoothing outside [0, 1)
 * @see Szegedy et al. 2015, arXiv:1512.00567, §7, for the smoothing
 */
export function crossEntropy(logits: tf.Tensor2D, targets: TargetAttributes): tf.Scalar {
  const { ids, weights, smoothing } = targets;
  checkSmoothing(smoothing);
  const [rows, classes] = logits.shape;
  const spread = smoothing / classes;
  return fusedOp([logits], {
    shape: [],
    kernel: {
      name: MODEL_KERNELS.crossEntropy,
      attributes: targets,
      saves: 0,
      backward: ([dLogits], dLoss) => [tf.mul(dLogits!, dLoss)],
    },
    composed() {
      const right = tf.oneHot(tf.tensor1d(ids, 'int32'), classes);
      const wanted = tf.add(tf.mul(right, 1 - smoothing), spread);
      const scaled = tf.mul(wanted, tf.tensor2d(weights, [rows, 1]));
      return tf.neg(tf.sum(tf.mul(tf.logSoftmax(logits), scaled)));
    },
    host(values) {
      const gradient = new Float32Array(values.length);
      let loss = 0;
      for (let n = 0; n < rows; n++) {
        const weight = weights[n];
        if (weight === 0) continue;
        const row = values.subarray(n * classes, (n + 1) * classes);
        const normaliser = logSumExp(row);
        for (let v = 0; v < classes; v++) {
          const logProbability = row[v] - normaliser;
          const target = spread + (v === ids[n] ? 1 - smoothing : 0);
          loss -= weight * target * logProbability;
          gradient[n * classes + v] = weight * (Math.exp(logProbability) - target);
        }
      }
      return { output: Float32Array.of(loss), backward: ([dLoss]) => [gradient.map((d) => d * dLoss!)] };
    },
  });
}

function logSumExp(row: Float32Array): number {
  let greatest = -Infinity;
  for (const value of row) greatest = Math.max(greatest, value);
  let sum = 0;
  for (const value of row) sum += Math.exp(value - greatest);
  return greatest + Math.log(sum);
}
