import type { Normalizer } from '@heed/core';
import type { Round } from './arithmetic.js';

/** The formulas of a normaliser, over the scores of one row's attended positions: at least one, none −∞. */
interface Formulas {
  /** The weights. */
  forward(scores: readonly number[], round: Round): number[];
  /** The gradient of the loss in the scores, given that in the weights. */
  backward(weights: readonly number[], dWeights: readonly number[], round: Round): number[];
  /** A score for which the row has no answer, so that all its weights are NaN; by default NaN and +∞. */
  spoils?(score: number): boolean;
  /** Weights become 0 at finite scores, where the gradient jumps. */
  readonly isSparse?: true;
}

const FORMULAS: Readonly<Record<Normalizer, Formulas>> = {
  softmax: {
    forward: (scores, round) => softmax(scores, round).weights,
    backward: centre,
  },
  sparsemax: {
    forward: sparsemax,
    // On the support the projection only takes off the mean.
    backward: (weights, dWeights, round) =>
      centre(
        weights.map((weight) => (weight > 0 ? 1 : weight)),
        dWeights,
        round,
      ),
    isSparse: true,
  },
  entmax15: {
    forward: entmax15,
    // Jacobian diag(s) − s sᵀ/Σs with s = p^(2 − α) (Peters, Niculae & Martins 2019, arXiv:1905.05702, prop. 2).
    backward: (weights, dWeights, round) =>
      centre(
        weights.map((weight) => round(Math.sqrt(weight))),
        dWeights,
        round,
      ),
    isSparse: true,
  },
  sigmoid: {
    forward: (scores, round) => scores.map((score) => round(1 / round(1 + round(Math.exp(-score))))),
    backward: (weights, dWeights, round) =>
      weights.map((weight, n) => round(dWeights[n] * round(weight * round(1 - weight)))),
    spoils: () => false, // positions don't know of each other
  },
  hard: {
    forward(scores) {
      const winner = scores.indexOf(Math.max(...scores)); // the first of equals
      return scores.map((_, n) => (n === winner ? 1 : 0));
    },
    backward: (weights) => weights.map(() => 0),
    spoils: Number.isNaN, // +∞ is the highest
  },
};

const formulasOf = (name: string): Formulas => FORMULAS[name as Normalizer];

/** Whether the gradient jumps where a weight becomes 0. */
export const isSparse = (name: string): boolean => formulasOf(name).isSparse ?? false;

/** The weights of one row. */
export function normalize(name: string, scores: readonly number[], round: Round): number[] {
  const { forward, spoils = (score) => Number.isNaN(score) || score === Infinity } = formulasOf(name);
  return scores.some(spoils) ? scores.map(() => NaN) : forward(scores, round);
}

/** The gradient of the loss in the scores of one row, given that in its weights. */
export function pullBack(
  name: string,
  weights: readonly number[],
  dWeights: readonly number[],
  round: Round,
): number[] {
  return formulasOf(name).backward(weights, dWeights, round);
}

/** softmax with the highest score taken off, so that nothing overflows, and log Σ exp. */
export function softmax(scores: readonly number[], round: Round): { weights: number[]; logSumExp: number } {
  const highest = Math.max(...scores);
  const exponentials = scores.map((score) => round(Math.exp(round(score - highest))));
  const sum = total(exponentials, round);
  return {
    weights: exponentials.map((exponential) => round(exponential / sum)),
    logSumExp: round(highest + round(Math.log(sum))),
  };
}

/** argmin_p ‖p − z‖² on the simplex (Martins & Astudillo 2016, arXiv:1602.02068, algorithm 1). */
function sparsemax(scores: readonly number[], round: Round): number[] {
  const highest = Math.max(...scores);
  const z = scores.map((score) => round(score - highest));
  const sorted = z.toSorted((a, b) => b - a);
  let sum = 0;
  let threshold = 0;
  for (const [n, score] of sorted.entries()) {
    const size = n + 1;
    const next = round(sum + score);
    if (!(round(1 + round(size * score)) > next)) break;
    sum = next;
    threshold = round(round(sum - 1) / size);
  }
  return z.map((score) => Math.max(0, round(score - threshold)));
}

/** 1.5-entmax: [z/2 − τ]₊² with Σ = 1 (Peters, Niculae & Martins 2019, arXiv:1905.05702, algorithm 2). */
function entmax15(scores: readonly number[], round: Round): number[] {
  const highest = Math.max(...scores);
  const z = scores.map((score) => round(round(score - highest) / 2));
  const sorted = z.toSorted((a, b) => b - a);
  let sum = 0;
  let squares = 0;
  let threshold = -1;
  for (const [n, score] of sorted.entries()) {
    const size = n + 1;
    sum = round(sum + score);
    squares = round(squares + round(score * score));
    const mean = round(sum / size);
    const spread = round(squares - round(size * round(mean * mean)));
    const inside = round(round(1 - spread) / size);
    const next = inside < 0 ? Infinity : round(mean - round(Math.sqrt(inside)));
    if (next > score) break;
    threshold = next;
  }
  return z.map((score) => {
    const above = Math.max(0, round(score - threshold));
    return round(above * above);
  });
}

/** g∘(d − Σ g∘d / Σ g) */
function centre(g: readonly number[], d: readonly number[], round: Round): number[] {
  const products = g.map((weight, n) => round(weight * d[n]));
  const mean = round(total(products, round) / total(g, round));
  return g.map((weight, n) => round(weight * round(d[n] - mean)));
}

function total(terms: readonly number[], round: Round): number {
  return terms.reduce((sum, term) => round(sum + term), 0);
}
