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
  /** Of the normaliser, one number or one per head. */
  readonly parameter?: ArrayLike<number> | undefined;
  readonly attends: At<boolean>;
  readonly dropout: (n: number) => number;
}

export interface WeightedGradients {
  readonly dScores: Float64Array;
  readonly dValue: Float64Array;
  /** Like the parameter; absent without one. */
  readonly dParameter?: Float64Array;
}

export function weighted(operands: Weighted, round: Round): Aggregated {
  return aggregate(scored(operands), round);
}

export function weightedBackward(operands: Weighted, cotangents: Cotangents, round: Round): WeightedGradients {
  const { heads, queries, keys } = operands;
  const dScores = new Float64Array(operands.scores.length);
  const dParameter = operands.parameter && new Float64Array(operands.parameter.length);
  const dValue = aggregateBackward(
    scored(operands),
    cotangents,
    round,
    (b, h, i, j, dScore) => {
      dScores[((b * heads + h) * queries + i) * keys + j] = dScore;
    },
    (h, change) => {
      const at = h % dParameter!.length;
      dParameter![at] = round(dParameter![at] + change);
    },
  );
  return { dScores, dValue, ...(dParameter && { dParameter }) };
}

function scored(operands: Weighted): Aggregation {
  const { heads, queries, keys, scores, parameter } = operands;
  return {
    ...operands,
    ...(parameter && { parameterOf: (h) => parameter[h % parameter.length] }),
    keyHeads: heads,
    keyHeadOf: (h) => h,
    score: (b, h, i, j) => scores[((b * heads + h) * queries + i) * keys + j],
  };
}
