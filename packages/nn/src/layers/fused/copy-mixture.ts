import * as tf from '@tensorflow/tfjs-core';
import type { CopyTable } from '../copy-table.js';
import { LEAST_ATTENTION } from '../log-arithmetic.js';

/** What a model that copies decides with. Row n belongs to source n mod B: rows are time-major. */
export interface CopyScores {
  /** [N, V] */
  readonly logits: tf.Tensor2D;
  /** p_gen before the sigmoid, [N, 1]. */
  readonly gates: tf.Tensor2D;
  /** Attention, [N, S]. */
  readonly weights: tf.Tensor2D;
}

/**
 * log p of the symbols of the vocabulary [N, V], and of those beyond it [N, E] when some source has any; composed of
 * TensorFlow.js ops with gradients. A symbol beyond the vocabulary that a row's source lacks has log LEAST_ATTENTION here,
 * or less.
 */
export function composedMixture(
  { logits, gates, weights }: CopyScores,
  copies: CopyTable,
): { vocabulary: tf.Tensor2D; beyond: tf.Tensor2D | undefined } {
  const { ids, batch, time, size, vocabularySize } = copies;
  const rows = logits.shape[0];
  const where = new Float32Array(batch * time * size); // one-hot [B, S, W]
  ids.forEach((id, at) => id >= 0 && (where[at * size + id] = 1));
  const byPairs = tf.transpose(tf.reshape(weights, [rows / batch, batch, time]), [1, 0, 2]); // [B, T, S]
  const collected = tf.matMul(byPairs, tf.tensor3d(where, [batch, time, size])); // [B, T, W]
  const attended = tf.reshape(tf.transpose(collected, [1, 0, 2]), [rows, size]) as tf.Tensor2D;
  // TensorFlow.js 4.22's gradient of logSigmoid reads a tensor that it hasn't saved.
  const copied = tf.add(tf.neg(tf.softplus(gates)), tf.log(tf.add(attended, LEAST_ATTENTION))) as tf.Tensor2D;
  const generated = tf.add(tf.neg(tf.softplus(tf.neg(gates))), tf.logSoftmax(logits));
  const present = new Float32Array(rows * vocabularySize);
  for (let n = 0; n < rows; n++) {
    for (const { id } of copies.occurrences[n % batch]) {
      if (id < vocabularySize) present[n * vocabularySize + id] = 1;
    }
  }
  const more = tf.softplus(tf.sub(tf.slice(copied, [0, 0], [rows, vocabularySize]), generated));
  return {
    vocabulary: tf.add(generated, tf.mul(more, tf.tensor2d(present, [rows, vocabularySize]))) as tf.Tensor2D,
    beyond: size === vocabularySize ? undefined : tf.slice(copied, [0, vocabularySize], [rows, size - vocabularySize]),
  };
}

/** The same side by side, [N, V + E]: the logarithms of a distribution, which are logits of it. */
export function mixtureLogits(scores: CopyScores, copies: CopyTable): tf.Tensor2D {
  const { vocabulary, beyond } = composedMixture(scores, copies);
  return beyond === undefined ? vocabulary : tf.concat2d([vocabulary, beyond], 1);
}
