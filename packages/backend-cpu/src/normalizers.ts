import { exp } from './exp.js';

/**
 * Turns the attended scores of one row, gathered in scores[0 … count), into weights in place. An attended NaN makes the
 * whole row NaN, except for sigmoid, where positions don't know of each other; and so does +∞, except for 'hard' too.
 */
export type Normalize = (scores: Float64Array, count: number) => void;

/**
 * Turns the gradients in the attended weights of one row into those in its scores, in place.
 *
 * @param weights what `Normalize` made of the row
 */
type NormalizeGradient = (weights: Float64Array, gradients: Float64Array, count: number) => void;

/** Both passes of one normaliser. */
export interface Normalizer {
  readonly forward: Normalize;
  readonly backward: NormalizeGradient;
}

/** The normalisers by the names that core has for them. */
export const normalizers: Readonly<Record<string, Normalizer>> = {
  softmax: {
    forward(scores, count) {
      const highest = highestOf(scores, count);
      let sum = 0;
      for (let c = 0; c < count; c++) {
        scores[c] = exp(scores[c] - highest);
        sum += scores[c];
      }
      for (let c = 0; c < count; c++) scores[c] /= sum;
    },
    backward: (weights, gradients, count) => centre(weights, gradients, count, (weight) => weight),
  },

  /** max(z − τ, 0) with Σ = 1: Martins & Astudillo 2016, arXiv:1602.02068, algorithm 1. */
  sparsemax: {
    forward(scores, count) {
      const highest = highestOf(scores, count);
      if (!(highest < Infinity)) return void scores.fill(NaN, 0, count);
      for (let c = 0; c < count; c++) scores[c] -= highest;
      const sorted = scores.subarray(0, count).toSorted();
      let sum = 0;
      let tau = 0;
      for (let k = 1; k <= count; k++) {
        const z = sorted[count - k];
        if (!(1 + k * z > sum + z)) break;
        sum += z;
        tau = (sum - 1) / k;
      }
      for (let c = 0; c < count; c++) scores[c] = Math.max(scores[c] - tau, 0);
    },
    backward: (weights, gradients, count) => centre(weights, gradients, count, (weight) => (weight > 0 ? 1 : weight)),
  },

  /** max(z/2 − τ, 0)² with Σ = 1: Peters, Niculae & Martins 2019, arXiv:1905.05702, algorithm 2. */
  entmax15: {
    forward(scores, count) {
      const highest = highestOf(scores, count);
      if (!(highest < Infinity)) return void scores.fill(NaN, 0, count);
      for (let c = 0; c < count; c++) scores[c] = (scores[c] - highest) / 2;
      const sorted = scores.subarray(0, count).toSorted();
      let tau = 0;
      let sum = 0;
      let squares = 0;
      for (let k = 1; k <= count; k++) {
        const z = sorted[count - k];
        sum += z;
        squares += z * z;
        const mean = sum / k;
        const candidate = mean - Math.sqrt(Math.max(0, (1 - (squares - k * mean * mean)) / k));
        if (!(candidate <= z)) break;
        tau = candidate;
      }
      for (let c = 0; c < count; c++) {
        const root = Math.max(scores[c] - tau, 0);
        scores[c] = root * root;
      }
    },
    backward: (weights, gradients, count) => centre(weights, gradients, count, Math.sqrt),
  },

  sigmoid: {
    forward(scores, count) {
      for (let c = 0; c < count; c++) {
        const e = exp(-Math.abs(scores[c]));
        scores[c] = scores[c] < 0 ? e / (1 + e) : 1 / (1 + e);
      }
    },
    backward(weights, gradients, count) {
      for (let c = 0; c < count; c++) gradients[c] *= weights[c] * (1 - weights[c]);
    },
  },

  hard: {
    forward(scores, count) {
      const highest = highestOf(scores, count);
      const chosen = scores.indexOf(highest);
      for (let c = 0; c < count; c++) scores[c] = c === chosen ? 1 : Number.isNaN(highest) ? NaN : 0;
    },
    /** Moving a score a little moves no weight. */
    backward(_weights, gradients, count) {
      gradients.fill(0, 0, count);
    },
  },
};

/**
 * g∘(d − Σ g∘d / Σ g) with g = slope(weights): the Jacobian of softmax (g = p), sparsemax (g = [p > 0]) and
 * 1.5-entmax (g = √p).
 *
 * @see Peters, Niculae & Martins 2019, arXiv:1905.05702, proposition 2
 */
function centre(
  weights: Float64Array,
  gradients: Float64Array,
  count: number,
  slope: (weight: number) => number,
): void {
  let total = 0;
  let sum = 0;
  for (let c = 0; c < count; c++) {
    const g = slope(weights[c]);
    total += g;
    sum += g * gradients[c];
  }
  const mean = sum / total;
  for (let c = 0; c < count; c++) gradients[c] = slope(weights[c]) * (gradients[c] - mean);
}

/** NaN when any score is. */
function highestOf(scores: Float64Array, count: number): number {
  let highest = -Infinity;
  for (let c = 0; c < count; c++) {
    if (!(scores[c] <= highest)) highest = scores[c];
    if (Number.isNaN(highest)) break;
  }
  return highest;
}
