import type { Normalizer } from '@heed/core';
import type { Round } from './arithmetic.js';

/**
 * The weights of one row. Scores are those of the attended positions, at least one, none −∞. A NaN or +∞ among them has no
 * answer: all are NaN then, but for sigmoid, whose positions don't know of each other, and for hard, to which +∞ is the highest.
 */
export function normalize(name: Normalizer, scores: readonly number[], round: Round): number[] {
  const spoils = (score: number): boolean => Number.isNaN(score) || (score === Infinity && name !== 'hard');
  if (name !== 'sigmoid' && scores.some(spoils)) return scores.map(() => NaN);
  switch (name) {
    case 'softmax':
      return softmax(scores, round).weights;
    case 'sparsemax':
      return sparsemax(scores, round);
    case 'entmax15':
      return entmax15(scores, round);
    case 'sigmoid':
      return scores.map((score) => round(1 / round(1 + round(Math.exp(-score)))));
    case 'hard': {
      const winner = scores.indexOf(Math.max(...scores)); // the first of equals
      return scores.map((_, n) => (n === winner ? 1 : 0));
    }
  }
}

/** The gradient of the loss in the scores of one row, given that in its weights. */
export function pullBack(
  name: Normalizer,
  weights: readonly number[],
  dWeights: readonly number[],
  round: Round,
): number[] {
  switch (name) {
    case 'softmax':
      return centre(weights, dWeights, round);
    case 'sparsemax':
      // On the support the projection only takes off the mean.
      return centre(
        weights.map((weight) => (weight > 0 ? 1 : weight)),
        dWeights,
        round,
      );
    case 'entmax15':
      // Jacobian diag(s) − s sᵀ/Σs with s = p^(2 − α) (Peters, Niculae & Martins 2019, arXiv:1905.05702, prop. 2).
      return centre(
        weights.map((weight) => round(Math.sqrt(weight))),
        dWeights,
        round,
      );
    case 'sigmoid':
      return weights.map((weight, n) => round(dWeights[n] * round(weight * round(1 - weight))));
    case 'hard':
      return weights.map(() => 0);
  }
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
