import * as tf from '@tensorflow/tfjs-core';
import { MODEL_KERNELS, type TargetAttributes } from '@heed/core';
import type { CopyTable } from '../copy-table.js';
import { LEAST_ATTENTION, logAddExp, logSigmoid } from '../log-arithmetic.js';
import { composedMixture, type CopyScores } from './copy-mixture.js';
import { fusedOp } from './fused-op.js';
import { hasKernel, runKernel } from './kernel.js';
import { checkSmoothing } from './smoothing.js';

/**
 * Cross-entropy of the mixture p(v) = p_gen·softmax(logits)_v + (1 − p_gen)·Σ_{j: x_j = v} α_j, in nats: a scalar,
 * Σ_n weights[n]·H(target n, p_n), with the smoothing spread over the V symbols of the vocabulary. Targets may be beyond it.
 *
 * In logarithms throughout, and the gradient too: with r_v = p_gen·P_v / p(v), the share of v that is generated,
 * ∂log p(v)/∂logits_u = r_v(δ_uv − P_u), ∂log p(v)/∂gate = r_v − p_gen and ∂log p(v)/∂α_j = (1 − p_gen)/p(v) where x_j = v.
 *
 * @see See, Liu & Manning 2017, arXiv:1704.04368, eq. 6 and 9
 */
export function copyCrossEntropy(scores: CopyScores, targets: TargetAttributes, copies: CopyTable): tf.Scalar {
  const { logits, gates, weights } = scores;
  const [rows, classes] = logits.shape;
  const { smoothing } = targets;
  checkSmoothing(smoothing);
  const spread = smoothing / classes;
  return fusedOp([logits, gates, weights], {
    shape: [],
    readsWell: true,
    composed() {
      const { vocabulary, beyond } = composedMixture(scores, copies);
      const right = new Float32Array(rows * classes).fill(spread);
      const copied = new Float32Array(rows * (copies.size - classes));
      for (let n = 0; n < rows; n++) {
        const id = targets.ids[n];
        if (id < classes) right[n * classes + id] += 1 - smoothing;
        else copied[n * (copies.size - classes) + id - classes] = 1 - smoothing;
      }
      const weigh = (x: tf.Tensor, wanted: Float32Array): tf.Tensor =>
        tf.sum(tf.mul(x, tf.mul(tf.tensor(wanted, x.shape), tf.tensor2d(targets.weights, [rows, 1]))));
      const ofVocabulary = weigh(vocabulary, right);
      return tf.neg(beyond === undefined ? ofVocabulary : tf.add(ofVocabulary, weigh(beyond, copied)));
    },
    host(logitValues, gateValues, weightValues) {
      const { time, batch, occurrences } = copies;
      const byKernel = hasKernel(MODEL_KERNELS.crossEntropy);
      const dLogits = byKernel ? softmaxByKernel(logits) : new Float32Array(logitValues.length);
      const normalise = byKernel ? normaliserOf : softmax;
      const dGates = new Float32Array(rows);
      const dWeights = new Float32Array(weightValues.length);
      let loss = 0;
      for (let n = 0; n < rows; n++) {
        const weight = targets.weights[n];
        if (weight === 0) {
          dLogits.fill(0, n * classes, (n + 1) * classes);
          continue;
        }
        const target = targets.ids[n];
        const row = logitValues.subarray(n * classes, (n + 1) * classes);
        const dRow = dLogits.subarray(n * classes, (n + 1) * classes);
        const { normaliser, total } = normalise(row, dRow);
        const generates = logSigmoid(gateValues[n]);
        const copying = logSigmoid(-gateValues[n]);
        const gate = Math.exp(generates);
        // What of the target is generated: Σ τ_v r_v, at first as if nothing could be copied.
        let generated = smoothing;
        let logProbability = spread * (total - classes * (normaliser - generates));
        // The gradient without −weight: τ_u r_u − P_u Σ τ_v r_v, of which τ_u r_u is added here as far as copying changes it.
        const changes: [id: number, change: number][] = [];
        let seen = false;
        for (const { id, positions } of occurrences[n % batch]) {
          let attended = LEAST_ATTENTION;
          for (const j of positions) attended += weightValues[n * time + j];
          const wanted = (id < classes ? spread : 0) + (id === target ? 1 - smoothing : 0);
          if (id === target) seen = true;
          if (wanted === 0) continue;
          const generatedAlone = id < classes ? generates + row[id] - normaliser : -Infinity;
          const copiedAlone = copying + Math.log(attended);
          const mixed = logAddExp(generatedAlone, copiedAlone);
          const share = Math.exp(generatedAlone - mixed);
          const assumed = id < classes ? spread : 0;
          logProbability += wanted * mixed - (assumed === 0 ? 0 : assumed * generatedAlone);
          generated += wanted * share - assumed;
          if (id < classes) changes.push([id, wanted * share - assumed]);
          const dAttended = (-weight * wanted * Math.exp(copiedAlone - mixed)) / attended;
          for (const j of positions) dWeights[n * time + j] = dAttended;
        }
        if (!seen) {
          logProbability += (1 - smoothing) * (generates + row[target] - normaliser);
          generated += 1 - smoothing;
          changes.push([target, 1 - smoothing]);
        }
        loss -= weight * logProbability;
        dGates[n] = -weight * (generated - gate);
        for (let v = 0; v < classes; v++) dRow[v] = -weight * (spread - dRow[v] * generated);
        for (const [id, change] of changes) dRow[id] -= weight * change;
      }
      return {
        output: Float32Array.of(loss),
        backward: ([dLoss]) => [dLogits, dGates, dWeights].map((gradient) => scaled(gradient, dLoss!)),
      };
    },
  });
}

interface Normaliser {
  /** log Σ exp of a row. */
  readonly normaliser: number;
  /** Its plain sum. */
  readonly total: number;
}

/** Writes the softmax of a row. */
function softmax(row: Float32Array, probabilities: Float32Array): Normaliser {
  let greatest = -Infinity;
  for (const value of row) greatest = Math.max(greatest, value);
  let sum = 0;
  let total = 0;
  for (let v = 0; v < row.length; v++) {
    const exponential = Math.exp(row[v] - greatest);
    probabilities[v] = exponential;
    sum += exponential;
    total += row[v];
  }
  for (let v = 0; v < row.length; v++) probabilities[v] /= sum;
  return { normaliser: greatest + Math.log(sum), total };
}

/**
 * Softmax of all rows by the kernel of the plain cross-entropy, some ten times as fast as a loop of `Math.exp`: its gradient
 * with targets 0 is softmax − [v = 0].
 */
function softmaxByKernel(logits: tf.Tensor2D): Float32Array {
  const [rows, classes] = logits.shape;
  const attributes: TargetAttributes = {
    ids: new Int32Array(rows),
    weights: new Float32Array(rows).fill(1),
    smoothing: 0,
  };
  const [loss, gradient] = runKernel(MODEL_KERNELS.crossEntropy, [logits], attributes) as [tf.Tensor, tf.Tensor];
  const probabilities = gradient.dataSync<'float32'>().slice();
  tf.dispose([loss, gradient]);
  for (let at = 0; at < probabilities.length; at += classes) probabilities[at] += 1;
  return probabilities;
}

/** From a symbol's score and its probability. Not that of number 0 unless it is large: adding 1 has rounded it. */
function normaliserOf(row: Float32Array, probabilities: Float32Array): Normaliser {
  let best = 0;
  let total = 0;
  for (let v = 0; v < row.length; v++) {
    total += row[v];
    if (v > 0 && (best === 0 || row[v] > row[best])) best = v;
  }
  if (probabilities[0] > 0.5) best = 0;
  return { normaliser: row[best] - Math.log(probabilities[best]), total };
}

const scaled = (values: Float32Array, factor: number): Float32Array =>
  factor === 1 ? values : values.map((value) => value * factor);
