import type { Dropout } from '@heed/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { chunksOf, type Chunk } from './chunks.js';
import type { Grid, TensorGrid } from './grid.js';
import { gather } from './passes/gather.js';
import type { Normalizer } from './passes/normalizers.js';
import { placeRows, placeTiles } from './passes/place.js';
import { columnsTimes, rowsTimes } from './passes/product.js';
import { logSumExpRows, rowStatistics } from './passes/rows.js';
import { rowMeans, scoreGradients, weightGradients } from './passes/score-gradients.js';
import { added } from './passes/sums.js';
import { weightTiles } from './passes/weights.js';
import type { Scope } from './scope.js';

/** What every op is once it has scores. Additive attention has one head. */
interface Sizes {
  readonly batch: number;
  readonly heads: number;
  readonly keyHeads: number;
  readonly queries: number;
  readonly keys: number;
  readonly valueWidth: number;
}

export interface Attention extends Sizes {
  readonly normalizer: Normalizer;
  readonly dropout: Dropout | null;
  /** Scores of a chunk, −∞ where a position takes no part. */
  readonly scores: (chunk: Chunk) => Grid;
}

interface Outputs {
  readonly context: TensorGrid;
  readonly logSumExp?: { readonly sum: TensorGrid; readonly remainder: TensorGrid };
  readonly weights?: TensorGrid;
}

/** Scores → row statistics → weights → context, a chunk of rows at a time. */
export function attend(scope: Scope, attention: Attention, value: TensorInfo, outputs: Outputs): void {
  const { batch, heads, keyHeads, queries, keys, valueWidth, normalizer, dropout } = attention;
  const values = gather(scope, value, [batch * keyHeads, keys, valueWidth]);
  for (const chunk of chunksOf(batch * heads, queries, keys, scope.scratchBytes)) {
    const scores = attention.scores(chunk);
    const statistics = rowStatistics(scope, scores, normalizer);
    const weights = weightTiles(scope, scores, statistics, normalizer, dropout, attention, chunk);
    const made: (Grid | undefined)[] = [scores, statistics, weights];
    const context = rowsTimes(scope, weights, values, chunk, attention, { nonFinite: { scores } });
    made.push(context);
    placeTiles(scope, context, chunk, outputs.context);
    if (outputs.logSumExp !== undefined) {
      const logSumExp = logSumExpRows(scope, statistics!);
      made.push(logSumExp);
      placeRows(scope, logSumExp, queries, chunk, outputs.logSumExp.sum);
      const remainder = { ...logSumExp, sheets: logSumExp.sheets.slice(1) };
      placeRows(scope, remainder, queries, chunk, outputs.logSumExp.remainder);
    }
    if (outputs.weights !== undefined) {
      const whole =
        dropout === null ? weights : weightTiles(scope, scores, statistics, normalizer, null, attention, chunk);
      made.push(whole);
      placeTiles(scope, whole, chunk, outputs.weights);
    }
    scope.free(...made);
  }
}

interface Cotangents {
  readonly dContext: TensorInfo;
  readonly dLogSumExp?: TensorInfo;
  readonly dWeights?: TensorInfo;
}

/**
 * The backward pass: weights are made again, chunk by chunk.
 *
 * @param through takes the gradients in a chunk's scores further, and frees them
 * @returns the gradients in the values, in tiles
 */
export function attendBackward(
  scope: Scope,
  attention: Attention,
  value: TensorInfo,
  { dContext, dLogSumExp, dWeights }: Cotangents,
  through: (dScores: Grid, chunk: Chunk) => void,
): Grid {
  const { batch, heads, keyHeads, queries, keys, valueWidth, normalizer, dropout } = attention;
  const values = gather(scope, value, [batch * keyHeads, keys, valueWidth]);
  const dContexts = gather(scope, dContext, [batch * heads, queries, valueWidth]);
  let dValues: Grid | undefined;
  for (const chunk of chunksOf(batch * heads, queries, keys, scope.scratchBytes)) {
    const scores = attention.scores(chunk);
    const statistics = rowStatistics(scope, scores, normalizer);
    const weights = weightTiles(scope, scores, statistics, normalizer, dropout, attention, chunk);
    dValues = added(scope, columnsTimes(scope, weights, dContexts, chunk, attention), dValues);
    scope.free(weights);

    const gradients = weightGradients(scope, dContexts, values, dWeights, dropout, attention, chunk);
    const parts = { scores, statistics, dWeights: gradients };
    const means =
      statistics && normalizer.isCentred
        ? rowMeans(scope, { ...parts, statistics }, normalizer, dLogSumExp, queries, chunk)
        : undefined;
    const dScores = scoreGradients(scope, { ...parts, means }, normalizer);
    scope.free(scores, statistics, gradients, means);
    through(dScores, chunk);
  }
  return dValues!;
}

/** All of a tensor that is made in one go. */
export function placeAll(scope: Scope, tiles: Grid, shape: readonly number[]): TensorInfo {
  const output = scope.output(shape);
  placeTiles(scope, tiles, { n: 0, count: tiles.n, row: 0, rows: tiles.rows }, output);
  return output.tensor;
}
