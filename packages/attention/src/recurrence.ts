import * as tf from '@tensorflow/tfjs-core';
import { fromBefore } from './weigh.js';

/**
 * x_j = d_{j−1} x_{j−1} + b_j along the last axis, from x_{−1} = 0: exactly, by products and sums alone, so that a decay of 0 or
 * 1 costs no precision, as logarithms and quotients of cumulative products would.
 *
 * Spans of 1, 2, 4, … positions are joined, so there are log₂ Tk rounds rather than Tk steps.
 *
 * @param decay d, [N, T, Tk]; the last one has no use
 * @param input b, [N, T, Tk]
 * @see Blelloch 1990, Prefix sums and their applications, §1.4
 */
export function linearRecurrence(decay: tf.Tensor3D, input: tf.Tensor3D): tf.Tensor3D {
  const keys = input.shape[2];
  let sums: tf.Tensor3D = input;
  let decays = fromBefore(decay); // d_{j−1} at j
  for (let span = 1; span < keys; span *= 2) {
    sums = tf.add(sums, tf.mul(decays, fromBefore(sums, span)));
    if (2 * span < keys) decays = tf.mul(decays, fromBefore(decays, span));
  }
  return sums;
}
