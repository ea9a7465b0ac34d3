import type { At, Round } from './arithmetic.js';
import type { HookMeaning } from './hooks.js';
import { normalize, pullBack, pullBackToParameter, softmax } from './normalizers.js';

/**
 * What every attention op does with its scores: normalise each row over the positions that the query attends to, drop
 * out, and add up the values. Loops run over attended positions only, so nothing masked is ever read.
 */
export interface Aggregation {
  readonly batch: number;
  readonly heads: number;
  readonly queries: number;
  readonly keys: number;
  readonly valueWidth: number;
  /** [B, Hk, Tk, Dv] */
  readonly value: ArrayLike<number>;
  readonly keyHeads: number;
  /** Which key head a query head reads. */
  readonly keyHeadOf: (h: number) => number;
  readonly attends: At<boolean>;
  /** Asked for attended positions only. −∞ masks the position. */
  readonly score: At<number>;
  readonly normalizer: string;
  /** What is done with weights before dropout. */
  readonly weightHook?: HookMeaning | undefined;
  /** The normaliser's parameter in a head, of one that has one. */
  readonly parameterOf?: (h: number) => number;
  /** What weight number n is multiplied by after normalising. */
  readonly dropout: (n: number) => number;
}

export interface Aggregated {
  /** [B, H, Tq, Dv] */
  readonly context: Float64Array;
  /** [B, H, Tq, Tk], after the weight hook, before dropout. */
  readonly weights: Float64Array;
  /** [B, H, Tq] */
  readonly logSumExp: Float64Array;
}

export function aggregate(operands: Aggregation, round: Round): Aggregated {
  const { batch, heads, queries, keys, valueWidth, value, keyHeads, keyHeadOf, dropout, weightHook } = operands;
  const context = new Float64Array(batch * heads * queries * valueWidth);
  const weights = new Float64Array(batch * heads * queries * keys);
  const logSumExp = new Float64Array(batch * heads * queries).fill(-Infinity);
  let r = 0; // row number
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < heads; h++) {
      for (let i = 0; i < queries; i++, r++) {
        const row = rowOf(operands, b, h, i, round);
        if (row.attended.length === 0) continue;
        logSumExp[r] = softmax(row.scores, round).logSumExp;
        for (let n = 0; n < row.attended.length; n++) {
          const j = row.attended[n];
          const weight = weightHook?.value(b, h, i, j, row.weights[n]) ?? row.weights[n];
          weights[r * keys + j] = weight;
          const used = round(weight * round(dropout(r * keys + j)));
          const v = ((b * keyHeads + keyHeadOf(h)) * keys + j) * valueWidth;
          for (let d = 0; d < valueWidth; d++) {
            const at = r * valueWidth + d;
            context[at] = round(context[at] + round(used * value[v + d]));
          }
        }
      }
    }
  }
  return { context, weights, logSumExp };
}

/** Gradients of the loss in the outputs; one that is absent is 0. */
export interface Cotangents {
  readonly context?: ArrayLike<number>;
  readonly weights?: ArrayLike<number>;
  readonly logSumExp?: ArrayLike<number>;
}

/**
 * Calls `onScore` with the gradient in the score of each attended position, and `onParameter` with what each row adds to the gradient in its head's
 * parameter of the normaliser.
 *
 * @returns the gradient in the value, [B, Hk, Tk, Dv]
 */
export function aggregateBackward(
  operands: Aggregation,
  cotangents: Cotangents,
  round: Round,
  onScore: (b: number, h: number, i: number, j: number, dScore: number) => void,
  onParameter: (h: number, dParameter: number) => void = () => {},
): Float64Array {
  const { batch, heads, queries, keys, valueWidth, value, keyHeads, keyHeadOf, normalizer, dropout } = operands;
  const { weightHook } = operands;
  const dValue = new Float64Array(batch * keyHeads * keys * valueWidth);
  let r = 0;
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < heads; h++) {
      for (let i = 0; i < queries; i++, r++) {
        const { attended, weights } = rowOf(operands, b, h, i, round);
        const dWeights = attended.map((j, n) => {
          const factor = round(dropout(r * keys + j));
          const hooked = weightHook?.value(b, h, i, j, weights[n]) ?? weights[n];
          const used = round(hooked * factor);
          const v = ((b * keyHeads + keyHeadOf(h)) * keys + j) * valueWidth;
          let dUsed = 0;
          for (let d = 0; d < valueWidth; d++) {
            const dContext = cotangents.context?.[r * valueWidth + d] ?? 0;
            dUsed = round(dUsed + round(dContext * value[v + d]));
            dValue[v + d] = round(dValue[v + d] + round(used * dContext));
          }
          const dHooked = round(round(dUsed * factor) + (cotangents.weights?.[r * keys + j] ?? 0));
          return weightHook?.pullBack(b, h, i, j, weights[n], dHooked) ?? dHooked;
        });
        const parameter = operands.parameterOf?.(h);
        const dScores = pullBack(normalizer, weights, dWeights, round, parameter);
        if (parameter !== undefined)
          onParameter(h, pullBackToParameter(normalizer, weights, dWeights, round, parameter));
        const dLogSumExp = cotangents.logSumExp?.[r];
        for (let n = 0; n < attended.length; n++) {
          const throughSum = dLogSumExp === undefined ? 0 : round(weights[n] * dLogSumExp);
          onScore(b, h, i, attended[n], round(dScores[n] + throughSum));
        }
      }
    }
  }
  return dValue;
}

interface Row {
  /** Positions that take part; none when the row is empty. */
  readonly attended: readonly number[];
  readonly scores: readonly number[];
  readonly weights: readonly number[];
}

/** Scores are float32 numbers on every backend, however long its sums: beyond the range of those they are infinite. */
function inRange(score: number): number {
  return Math.abs(Math.fround(score)) === Infinity ? Math.fround(score) : score;
}

function rowOf(operands: Aggregation, b: number, h: number, i: number, round: Round): Row {
  const attended: number[] = [];
  const scores: number[] = [];
  for (let j = 0; j < operands.keys; j++) {
    if (!operands.attends(b, h, i, j)) continue;
    const score = inRange(operands.score(b, h, i, j));
    if (score === -Infinity) continue;
    attended.push(j);
    scores.push(score);
  }
  const weights = attended.length === 0 ? [] : normalize(operands.normalizer, scores, round, operands.parameterOf?.(h));
  return { attended, scores, weights };
}
