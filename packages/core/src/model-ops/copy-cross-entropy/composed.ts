import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { ComposedModelOp } from '../define.js';
import { counted } from '../targets.js';
import { mixtureOf, placesOf } from './mixture.js';
import type { CopyAttributes, copyCrossEntropySpec } from './spec.js';

/**
 * With w the weight of a row, τ its target, P = softmax(logits), g = p_gen, and the shares r_v = g·P_v / p(v) of what is
 * generated and c_v = 1 − r_v of what is copied:
 *
 *   ∂loss/∂logits_u = −w·(τ_u r_u − P_u Σ τ_v r_v),  ∂loss/∂gate = −w·(Σ τ_v r_v − g),  ∂loss/∂α_j = −w·τ_v c_v / attended_v, v = x_j
 */
export const composedCopyCrossEntropy: ComposedModelOp<typeof copyCrossEntropySpec> = {
  forward(inputs, attributes) {
    const { copies } = attributes;
    const { vocabularySize, size } = copies;
    const [logits, gates, weights] = [inputs.logits, inputs.gates, inputs.weights].map((x) => counted(x, attributes));
    const rows = gates.shape[0]!;
    const scores = { logits, gates, weights };
    const { vocabulary, beyond, generated, copied, attended, present } = mixtureOf(scores, copies);
    const weight = tf.tensor2d(attributes.weights, [rows, 1]);
    const [known, unknown] = targetsOf(attributes, rows); // [N, V], [N, W − V]
    const shares = tf.exp(tf.sub(generated, vocabulary)); // r, [N, V]
    const wantedShares = tf.mul(known, shares);
    const generates = tf.sum(wantedShares, 1, true); // Σ τ r, [N, 1]
    // c, [N, V]. Where a symbol isn't present, what is copied isn't part of p(v), and its logarithm may be far above p's.
    const copiedLogs = tf.minimum(tf.sub(tf.slice(copied, [0, 0], [rows, vocabularySize]), vocabulary), 0);
    const copiedShares = tf.mul(tf.exp(copiedLogs), present);
    const wantedCopies = tf.mul(known, copiedShares); // τ c, [N, V]; beyond the vocabulary c is 1
    const all = size === vocabularySize ? wantedCopies : tf.concat([wantedCopies, unknown], 1);
    const total = tf.sum(tf.mul(known, vocabulary), 1, true);
    const logProbability = beyond === undefined ? total : tf.add(total, tf.sum(tf.mul(unknown, beyond), 1, true));
    const against = tf.neg(weight);
    return {
      loss: tf.sum(tf.mul(logProbability, against)),
      logitSlopes: tf.mul(tf.sub(wantedShares, tf.mul(tf.softmax(logits), generates)), against),
      gateSlopes: tf.mul(tf.sub(generates, tf.sigmoid(gates)), against),
      weightSlopes: tf.mul(atPositions(tf.div(all, attended), attributes, rows), against),
    };
  },

  backward: ({ logitSlopes, gateSlopes, weightSlopes, dLoss }) => ({
    dLogits: tf.mul(logitSlopes, dLoss),
    dGates: tf.mul(gateSlopes, dLoss),
    dWeights: tf.mul(weightSlopes, dLoss),
  }),
};

/** What is wanted of the symbols of the vocabulary and of those beyond it. */
function targetsOf({ ids, smoothing, copies }: CopyAttributes, rows: number): [Tensor, Tensor] {
  const { vocabularySize: classes, size } = copies;
  const extra = size - classes;
  const known = new Float32Array(rows * classes).fill(smoothing / classes);
  const unknown = new Float32Array(rows * extra);
  for (let n = 0; n < rows; n++) {
    if (ids[n] < classes) known[n * classes + ids[n]] += 1 - smoothing;
    else unknown[n * extra + ids[n] - classes] = 1 - smoothing;
  }
  return [tf.tensor2d(known, [rows, classes]), tf.tensor2d(unknown, [rows, extra])];
}

/** From one number a symbol [N, W] to that of the symbol at each position [N, S]. */
function atPositions(x: Tensor, { copies }: CopyAttributes, rows: number): Tensor {
  const { batch, time, size } = copies;
  const byPairs = tf.transpose(tf.reshape(x, [rows / batch, batch, size]), [1, 0, 2]); // [B, T, W]
  const taken = tf.matMul(byPairs, placesOf(copies), false, true); // [B, T, S]
  return tf.reshape(tf.transpose(taken, [1, 0, 2]), [rows, time]);
}
