import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { LEAST_ATTENTION } from '../log-arithmetic.js';
import type { Copies } from './copies.js';

/** What a model that copies decides with. Row n belongs to source n mod B: rows are time-major. */
export interface CopyScores {
  /** [N, V] */
  readonly logits: Tensor2D;
  /** p_gen before the sigmoid, [N, 1]. */
  readonly gates: Tensor2D;
  /** Attention, [N, S]. */
  readonly weights: Tensor2D;
}

/** A mixture and what it is made of, W being V and what is beyond it. */
export interface Mixture {
  /** log p of the symbols of the vocabulary, [N, V]. */
  readonly vocabulary: Tensor;
  /** log p of the symbols beyond the vocabulary, [N, W − V]; undefined where no source has any. */
  readonly beyond: Tensor | undefined;
  /** log of p_gen·softmax(logits), [N, V]. */
  readonly generated: Tensor;
  /** log of (1 − p_gen)·attended, [N, W]. */
  readonly copied: Tensor;
  /** What each symbol is attended to with, and LEAST_ATTENTION, [N, W]. */
  readonly attended: Tensor;
  /** 1 where a row's source has the symbol of the vocabulary, [N, V]. */
  readonly present: Tensor;
}

/**
 * log p of every symbol, composed of TensorFlow.js ops with gradients. A symbol beyond the vocabulary that a row's source
 * lacks has log LEAST_ATTENTION here, or less.
 */
export function mixtureOf({ logits, gates, weights }: Record<keyof CopyScores, Tensor>, copies: Copies): Mixture {
  const { batch, time, size, vocabularySize } = copies;
  const rows = logits.shape[0]!;
  const byPairs = tf.transpose(tf.reshape(weights, [rows / batch, batch, time]), [1, 0, 2]); // [B, T, S]
  const collected = tf.matMul(byPairs, placesOf(copies)); // [B, T, W]
  const attended = tf.add(tf.reshape(tf.transpose(collected, [1, 0, 2]), [rows, size]), LEAST_ATTENTION);
  // TensorFlow.js 4.22's gradient of logSigmoid reads a tensor that it hasn't saved.
  const copied = tf.add(tf.neg(tf.softplus(gates)), tf.log(attended));
  const generated = tf.add(tf.neg(tf.softplus(tf.neg(gates))), tf.logSoftmax(logits));
  const present = presentOf(copies, rows);
  const more = tf.softplus(tf.sub(tf.slice(copied, [0, 0], [rows, vocabularySize]), generated));
  return {
    vocabulary: tf.add(generated, tf.mul(more, present)),
    beyond: size === vocabularySize ? undefined : tf.slice(copied, [0, vocabularySize], [rows, size - vocabularySize]),
    generated,
    copied,
    attended,
    present,
  };
}

/** One-hot [B, S, W]: which symbol stands at each position. */
export function placesOf({ ids, batch, time, size }: Copies): Tensor {
  const places = new Float32Array(batch * time * size);
  ids.forEach((id, at) => id >= 0 && (places[at * size + id] = 1));
  return tf.tensor3d(places, [batch, time, size]);
}

function presentOf({ occurrences, batch, vocabularySize }: Copies, rows: number): Tensor {
  const present = new Float32Array(rows * vocabularySize);
  for (let n = 0; n < rows; n++) {
    for (const { id } of occurrences[n % batch]) if (id < vocabularySize) present[n * vocabularySize + id] = 1;
  }
  return tf.tensor2d(present, [rows, vocabularySize]);
}

/** log p of all symbols side by side, [N, W]: the logarithms of a distribution, which are logits of it. */
export function mixtureLogits(scores: CopyScores, copies: Copies): Tensor2D {
  const { vocabulary, beyond } = mixtureOf(scores, copies);
  return (beyond === undefined ? vocabulary : tf.concat([vocabulary, beyond], 1)) as Tensor2D;
}
