import { copyLosses, type Normaliser } from '@heed/core/model-ops';
import type { Passes } from './passes.js';

export const crossEntropy: Passes<'crossEntropy'> = (engine) => ({
  forward({ logits }, { ids, weights, smoothing }) {
    const [rows, classes] = logits.shape as [number, number];
    const spread = smoothing / classes;
    const values = engine.floats(logits);
    const slopes = new Float32Array(values.length);
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
        slopes[n * classes + v] = weight * (Math.exp(logProbability) - target);
      }
    }
    return { loss: engine.output([], Float32Array.of(loss)), slopes: engine.output(logits.shape, slopes) };
  },

  backward({ slopes, dLoss }) {
    const [factor] = engine.floats(dLoss);
    return { dLogits: engine.output(slopes.shape, scaled(engine.floats(slopes), factor)) };
  },
});

export const copyCrossEntropy: Passes<'copyCrossEntropy'> = (engine) => ({
  forward({ logits, gates, weights }, attributes) {
    const slopes = {
      logitSlopes: new Float32Array(engine.floats(logits).length),
      gateSlopes: new Float32Array(engine.floats(gates).length),
      weightSlopes: new Float32Array(engine.floats(weights).length),
    };
    const arrays = { logits: engine.floats(logits), gates: engine.floats(gates), weights: engine.floats(weights) };
    const loss = copyLosses(arrays, attributes, softmax, slopes);
    return {
      loss: engine.output([], Float32Array.of(loss)),
      logitSlopes: engine.output(logits.shape, slopes.logitSlopes),
      gateSlopes: engine.output(gates.shape, slopes.gateSlopes),
      weightSlopes: engine.output(weights.shape, slopes.weightSlopes),
    };
  },

  backward({ logitSlopes, gateSlopes, weightSlopes, dLoss }) {
    const [factor] = engine.floats(dLoss);
    const [dLogits, dGates, dWeights] = [logitSlopes, gateSlopes, weightSlopes].map((slopes) =>
      engine.output(slopes.shape, scaled(engine.floats(slopes), factor)),
    );
    return { dLogits, dGates, dWeights };
  },
});

export const coverageLoss: Passes<'coverageLoss'> = (engine) => ({
  forward({ weights, coverage }, { counts }) {
    const [rows, time] = weights.shape as [number, number];
    const [looks, covered] = [weights, coverage].map((tensor) => engine.floats(tensor));
    let loss = 0;
    for (let n = 0; n < rows; n++) {
      for (let at = n * time; at < (n + 1) * time; at++) loss += counts[n] * Math.min(looks[at], covered[at]);
    }
    return { loss: engine.output([], Float32Array.of(loss)) };
  },

  backward({ weights, coverage, dLoss }, { counts }) {
    const [rows, time] = weights.shape as [number, number];
    const [looks, covered] = [weights, coverage].map((tensor) => engine.floats(tensor));
    const [factor] = engine.floats(dLoss);
    const dWeights = new Float32Array(looks.length);
    const dCoverage = new Float32Array(looks.length);
    for (let n = 0; n < rows; n++) {
      for (let at = n * time; at < (n + 1) * time; at++) {
        (looks[at] <= covered[at] ? dWeights : dCoverage)[at] = counts[n] * factor;
      }
    }
    return { dWeights: engine.output(weights.shape, dWeights), dCoverage: engine.output(coverage.shape, dCoverage) };
  },
});

const scaled = (values: Float32Array, factor: number): Float32Array =>
  factor === 1 ? values : values.map((value) => value * factor);

function logSumExp(row: Float32Array): number {
  let greatest = -Infinity;
  for (const value of row) greatest = Math.max(greatest, value);
  let sum = 0;
  for (const value of row) sum += Math.exp(value - greatest);
  return greatest + Math.log(sum);
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
