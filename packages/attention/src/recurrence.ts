import * as tf from '@tensorflow/tfjs-core';
import { hasLoops, scan } from '@heed/core/model-ops';
import { fromBefore } from './weigh.js';

/**
 * x_j = d_{j−1} x_{j−1} + b_j along the last axis, from x_{−1} = 0: exactly, by products and sums alone, so that a decay of 0 or
 * 1 costs no precision, as logarithms and quotients of cumulative products would.
 *
 * Spans of 1, 2, 4, … positions are joined, so there are log₂ Tk rounds rather than Tk steps; an engine that has loops gets a loop.
 *
 * @param decay d, [N, T, Tk]; the last one has no use
 * @param input b, [N, T, Tk]
 * @see Blelloch 1990, Prefix sums and their applications, §1.4
 */
export function linearRecurrence(decay: tf.Tensor3D, input: tf.Tensor3D): tf.Tensor3D {
  if (hasLoops()) return inLoop(decay, input);
  const keys = input.shape[2];
  let sums: tf.Tensor3D = input;
  let decays = fromBefore(decay); // d_{j−1} at j
  for (let span = 1; span < keys; span *= 2) {
    sums = tf.add(sums, tf.mul(decays, fromBefore(sums, span)));
    if (2 * span < keys) decays = tf.mul(decays, fromBefore(decays, span));
  }
  return sums;
}

function inLoop(decay: tf.Tensor3D, input: tf.Tensor3D): tf.Tensor3D {
  const [rows, time] = input.shape;
  const steps = [fromBefore(decay), input].map((x) => tf.transpose(x, [2, 0, 1])); // [Tk, N, T]
  const { outputs } = scan(
    ([before], [left, added]) => {
      const next = tf.add(tf.mul(left, before), added);
      return { state: [next], outputs: [next] };
    },
    { state: [tf.zeros([rows, time])], steps },
  );
  return tf.transpose(outputs[0]!, [1, 2, 0]) as tf.Tensor3D;
}
