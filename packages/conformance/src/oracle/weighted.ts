import { aggregate, aggregateBackward, type Aggregated, type Aggregation, type Cotangents } from './aggregation.js';
import type { At, Round } from './arithmetic.js';

/** normalizer(scores, masked) · value, for scores that the caller made. */
export interface Weighted {
  readonly batch: number;
  readonly heads: number;
  readonly queries: number;
  readonly keys: number;
  readonly valueWidth: number;
  /** [B, H, Tq, Tk] */
  readonly scores: ArrayLike<number>;
  /** [B, H, Tk, Dv] */
  readonly value: ArrayLike<number>;
  readonly normalizer: string;
  readonly attends: At<boolean>;
  readonly dropout: (n: number) => number;
}

export interface WeightedGradients {
  readonly dScores: Float64Array;
  readonly dValue: Float64Array;
}

export function weighted(operands: Weighted, round: Round): Aggregated {
  return aggregate(scored(operands), round);
}

export function weightedBackward(operands: Weighted, cotangents: Cotangents, round: Round): WeightedGradients {
  const { heads, queries, keys } = operands;
  const dScores = new Float64Array(operands.scores.length);
  const dValue = aggregateBackward(scored(operands), cotangents, round, (b, h, i, j, dScore) => {
    dScores[((b * heads + h) * queries + i) * keys + j] = dScore;
  });
  return { dScores, dValue };
}

function scored(operands: Weighted): Aggregation {
  const { heads, queries, keys, scores } = operands;
  return {
    ...operands,
    keyHeads: heads,
    keyHeadOf: (h) => h,
    score: (b, h, i, j) => scores[((b * heads + h) * queries + i) * keys + j],
  };
}
