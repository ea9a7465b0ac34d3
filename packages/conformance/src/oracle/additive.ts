import { aggregate, aggregateBackward, type Aggregated, type Aggregation, type Cotangents } from './aggregation.js';
import type { At, Round } from './arithmetic.js';
import type { HookMeanings } from './hooks.js';

/** softmax(hook(vᵀ tanh(q + k)), masked) · value (Bahdanau, Cho & Bengio 2014, arXiv:1409.0473, §3.1 and A.1.2) */
export interface Additive {
  readonly batch: number;
  readonly queries: number;
  readonly keys: number;
  readonly units: number;
  readonly valueWidth: number;
  /** [B, Tq, U] */
  readonly query: ArrayLike<number>;
  /** [B, Tk, U] */
  readonly key: ArrayLike<number>;
  /** [U] */
  readonly vector: ArrayLike<number>;
  /** [B, Tk, Dv] */
  readonly value: ArrayLike<number>;
  readonly attends: At<boolean>;
  readonly dropout: (n: number) => number;
  readonly hooks: HookMeanings;
}

export interface AdditiveGradients {
  readonly dQuery: Float64Array;
  readonly dKey: Float64Array;
  readonly dVector: Float64Array;
  readonly dValue: Float64Array;
}

export function additive(operands: Additive, round: Round): Aggregated {
  return aggregate(scored(operands, round), round);
}

export function additiveBackward(operands: Additive, cotangents: Cotangents, round: Round): AdditiveGradients {
  const { batch, queries, keys, units, query, key, vector, hooks } = operands;
  const dQuery = new Float64Array(batch * queries * units);
  const dKey = new Float64Array(batch * keys * units);
  const dVector = new Float64Array(units);
  const dValue = aggregateBackward(scored(operands, round), cotangents, round, (b, h, i, j, dHooked) => {
    const dScore = hooks.scoreHook?.pullBack(b, h, i, j, energy(operands, b, i, j, round), dHooked) ?? dHooked;
    const q = (b * queries + i) * units;
    const k = (b * keys + j) * units;
    for (let u = 0; u < units; u++) {
      const tanh = round(Math.tanh(round(query[q + u] + key[k + u])));
      const dSum = round(round(dScore * vector[u]) * round(1 - round(tanh * tanh)));
      dQuery[q + u] = round(dQuery[q + u] + dSum);
      dKey[k + u] = round(dKey[k + u] + dSum);
      dVector[u] = round(dVector[u] + round(dScore * tanh));
    }
  });
  return { dQuery, dKey, dVector, dValue };
}

function scored(operands: Additive, round: Round): Aggregation {
  const { attends, hooks } = operands;
  const { scoreHook, maskHook, weightHook } = hooks;
  return {
    ...operands,
    heads: 1,
    keyHeads: 1,
    keyHeadOf: () => 0,
    normalizer: 'softmax',
    weightHook,
    attends: (b, h, i, j) => attends(b, h, i, j) && (maskHook?.(b, h, i, j) ?? true),
    score: (b, h, i, j) => {
      const score = energy(operands, b, i, j, round);
      return scoreHook?.value(b, h, i, j, score) ?? score;
    },
  };
}

function energy({ queries, keys, units, query, key, vector }: Additive, b: number, i: number, j: number, round: Round) {
  const q = (b * queries + i) * units;
  const k = (b * keys + j) * units;
  let score = 0;
  for (let u = 0; u < units; u++) {
    const tanh = round(Math.tanh(round(query[q + u] + key[k + u])));
    score = round(score + round(vector[u] * tanh));
  }
  return score;
}
