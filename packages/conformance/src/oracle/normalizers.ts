import type { Normalizer } from '@heed/core';
import type { Round } from './arithmetic.js';

/** The formulas of a normaliser, over the scores of one row's attended positions: at least one, none −∞. */
interface Formulas {
  /** The weights. */
  forward(scores: readonly number[], round: Round, parameter: number): number[];
  /** The gradient of the loss in the scores, given that in the weights. */
  backward(weights: readonly number[], dWeights: readonly number[], round: Round, parameter: number): number[];
  /** The same in the parameter, of a normaliser that has one. */
  parameterGradient?(weights: readonly number[], dWeights: readonly number[], round: Round, parameter: number): number;
  /** A score for which the row has no answer, so that all its weights are NaN; by default NaN and +∞. */
  spoils?(score: number): boolean;
  /** Weights become 0 at finite scores, where the gradient jumps. */
  readonly isSparse?: true;
}

const FORMULAS: Readonly<Record<Normalizer | 'entmax', Formulas>> = {
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
  entmax: {
    forward: entmax,
    backward: (weights, dWeights, round, alpha) =>
      centre(
        weights.map((weight) => (weight > 0 ? round(weight ** (2 - alpha)) : 0)),
        dWeights,
        round,
      ),
    parameterGradient: entmaxInAlpha,
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

/** Normalisers that there are formulas of. */
export const FORMULA_NAMES: readonly string[] = Object.keys(FORMULAS);

const formulasOf = (name: string): Formulas => FORMULAS[name as Normalizer];

/** Whether the gradient jumps where a weight becomes 0. */
export const isSparse = (name: string): boolean => formulasOf(name).isSparse ?? false;

/** The weights of one row. */
export function normalize(name: string, scores: readonly number[], round: Round, parameter = NaN): number[] {
  const { forward, spoils = (score) => Number.isNaN(score) || score === Infinity } = formulasOf(name);
  return scores.some(spoils) ? scores.map(() => NaN) : forward(scores, round, parameter);
}

/** The gradient of the loss in the scores of one row, given that in its weights. */
export function pullBack(
  name: string,
  weights: readonly number[],
  dWeights: readonly number[],
  round: Round,
  parameter = NaN,
): number[] {
  return formulasOf(name).backward(weights, dWeights, round, parameter);
}

/** What one row adds to the gradient of the loss in the normaliser's parameter; 0 of one that has none. */
export function pullBackToParameter(
  name: string,
  weights: readonly number[],
  dWeights: readonly number[],
  round: Round,
  parameter = NaN,
): number {
  return formulasOf(name).parameterGradient?.(weights, dWeights, round, parameter) ?? 0;
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

/** [(α − 1)s − τ]₊^(1/(α − 1)) with Σ = 1, by bisection of τ (Correia, Niculae & Martins 2019, arXiv:1909.00015, eq. 5). */
function entmax(scores: readonly number[], round: Round, alpha: number): number[] {
  if (alpha === 1) return softmax(scores, round).weights;
  const excess = round(alpha - 1);
  const highest = Math.max(...scores);
  const z = scores.map((score) => round(excess * round(score - highest)));
  const at = (threshold: number): number[] =>
    z.map((score) => round(Math.max(0, round(score - threshold)) ** round(1 / excess)));
  let [low, high] = [-1, 0];
  // Float64 has 52 digits after the first.
  for (let step = 0; step < 60; step++) {
    const middle = round((low + high) / 2);
    if (total(at(middle), round) >= 1) low = middle;
    else high = middle;
  }
  const weights = at(low);
  const sum = total(weights, round);
  return weights.map((weight) => round(weight / sum));
}

/** Σ_j dp_j·∂p_j/∂α by the closed form of the paper, proposition 1; at α = 1 by its limit. */
function entmaxInAlpha(weights: readonly number[], dWeights: readonly number[], round: Round, alpha: number): number {
  const support = [...weights.keys()].filter((n) => weights[n] > 0);
  const p = support.map((n) => weights[n]);
  const logs = p.map((weight) => round(Math.log(weight)));
  const entropies = p.map((weight, n) => round(-weight * logs[n]));
  const excess = round(alpha - 1);
  const slopes = p.map((weight) => round(weight ** (2 - alpha)));
  const sum = total(slopes, round);
  const entropy = total(entropies, round);
  const squares = entropies.map((one, n) => round(one * logs[n]));
  const square = total(squares, round);
  const changes = p.map((weight, n) => {
    if (alpha === 1) return round((squares[n] - round(weight * square)) / 2);
    const share = round(slopes[n] / sum);
    const first = round(round(weight - share) / round(excess * excess));
    return round(first + round(round(entropies[n] - round(share * entropy)) / excess));
  });
  return total(
    changes.map((change, n) => round(change * dWeights[support[n]])),
    round,
  );
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
