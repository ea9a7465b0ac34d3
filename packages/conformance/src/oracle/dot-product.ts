import { aggregate, aggregateBackward, type Aggregated, type Aggregation, type Cotangents } from './aggregation.js';
import type { At, Round } from './arithmetic.js';
import type { HookMeanings } from './hooks.js';

/** softmax(hook(cap(scale · q kᵀ) + bias), masked) v */
export interface DotProduct {
  readonly batch: number;
  readonly heads: number;
  readonly keyHeads: number;
  readonly queries: number;
  readonly keys: number;
  readonly width: number;
  readonly valueWidth: number;
  /** [B, Hq, Tq, D] */
  readonly query: ArrayLike<number>;
  /** [B, Hk, Tk, D] */
  readonly key: ArrayLike<number>;
  /** [B, Hk, Tk, Dv] */
  readonly value: ArrayLike<number>;
  readonly scale: number;
  readonly softCap: number | null;
  /** Which key head a query head reads: adjacent ones share. */
  readonly keyHeadOf: (h: number) => number;
  readonly attends: At<boolean>;
  /** −∞ masks the position. */
  readonly bias: At<number>;
  readonly hooks: HookMeanings;
  readonly dropout: (n: number) => number;
}

export interface DotProductGradients {
  readonly dQuery: Float64Array;
  readonly dKey: Float64Array;
  readonly dValue: Float64Array;
  /** In the scores after the cap, where the bias is added: [B, Hq, Tq, Tk]. */
  readonly dBiased: Float64Array;
}

export function dotProduct(operands: DotProduct, round: Round): Aggregated {
  return aggregate(scored(operands, round), round);
}

export function dotProductBackward(operands: DotProduct, cotangents: Cotangents, round: Round): DotProductGradients {
  const { batch, heads, keyHeads, queries, keys, width, query, key, softCap, hooks } = operands;
  const scale = round(operands.scale);
  const dQuery = new Float64Array(batch * heads * queries * width);
  const dKey = new Float64Array(batch * keyHeads * keys * width);
  const dBiased = new Float64Array(batch * heads * queries * keys);
  const dValue = aggregateBackward(scored(operands, round), cotangents, round, (b, h, i, j, dHooked) => {
    const dScore = hooks.scoreHook?.pullBack(b, h, i, j, biased(operands, b, h, i, j, round), dHooked) ?? dHooked;
    dBiased[((b * heads + h) * queries + i) * keys + j] = dScore;
    let dScaled = dScore;
    if (softCap !== null) {
      // d/dx cap·tanh(x/cap) = 1 − tanh²(x/cap)
      const tanh = round(Math.tanh(round(scaledProduct(operands, b, h, i, j, round) / softCap)));
      dScaled = round(dScore * round(1 - round(tanh * tanh)));
    }
    const dProduct = round(dScaled * scale);
    const q = ((b * heads + h) * queries + i) * width;
    const k = ((b * keyHeads + operands.keyHeadOf(h)) * keys + j) * width;
    for (let d = 0; d < width; d++) {
      dQuery[q + d] = round(dQuery[q + d] + round(dProduct * key[k + d]));
      dKey[k + d] = round(dKey[k + d] + round(dProduct * query[q + d]));
    }
  });
  return { dQuery, dKey, dValue, dBiased };
}

function scored(operands: DotProduct, round: Round): Aggregation {
  const { attends, bias, hooks } = operands;
  const { scoreHook, maskHook, weightHook } = hooks;
  return {
    ...operands,
    normalizer: 'softmax',
    weightHook,
    // Before the score is looked at: the key under a bias of −∞ may be NaN.
    attends: (b, h, i, j) => attends(b, h, i, j) && bias(b, h, i, j) !== -Infinity && (maskHook?.(b, h, i, j) ?? true),
    score: (b, h, i, j) => {
      const score = biased(operands, b, h, i, j, round);
      return scoreHook?.value(b, h, i, j, score) ?? score;
    },
  };
}

/** The score after scale, cap and bias. */
function biased(operands: DotProduct, b: number, h: number, i: number, j: number, round: Round): number {
  const { softCap, bias } = operands;
  const scaled = scaledProduct(operands, b, h, i, j, round);
  const capped = softCap === null ? scaled : round(softCap * round(Math.tanh(round(scaled / softCap))));
  return round(capped + bias(b, h, i, j));
}

function scaledProduct(operands: DotProduct, b: number, h: number, i: number, j: number, round: Round): number {
  const { heads, keyHeads, queries, keys, width, query, key, scale } = operands;
  const q = ((b * heads + h) * queries + i) * width;
  const k = ((b * keyHeads + operands.keyHeadOf(h)) * keys + j) * width;
  const factor = round(scale);
  let product = 0;
  for (let d = 0; d < width; d++) product = round(product + round(round(query[q + d] * factor) * key[k + d]));
  return product;
}
