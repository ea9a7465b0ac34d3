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
import type { TileHooks } from './hooks/tile-hooks.js';
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
  readonly hooks?: TileHooks;
  /** Scores of a chunk before the score hook, −∞ where a position takes no part. */
  readonly scores: (chunk: Chunk) => Grid;
}

interface Outputs {
  readonly context: TensorGrid;
  readonly logSumExp?: { readonly sum: TensorGrid; readonly remainder: TensorGrid };
  readonly weights?: TensorGrid;
}

/** What a chunk's weights are made of, and they with dropout. */
interface Weighing {
  /** Before the score hook; the same as `scores` without one. */
  readonly raw: Grid;
  readonly scores: Grid;
  readonly statistics: Grid | undefined;
  /** Before the weight hook and dropout; undefined without a weight hook. */
  readonly normalized: Grid | undefined;
  readonly weights: Grid;
}

function weigh(scope: Scope, attention: Attention, chunk: Chunk): Weighing {
  const { normalizer, dropout, hooks } = attention;
  const raw = attention.scores(chunk);
  const scores = hooks?.scores(raw, chunk) ?? raw;
  const statistics = rowStatistics(scope, scores, normalizer);
  const made = (dropout: Dropout | null): Grid =>
    weightTiles(scope, scores, statistics, normalizer, dropout, attention, chunk);
  if (!hooks?.changesWeights) return { raw, scores, statistics, normalized: undefined, weights: made(dropout) };
  const normalized = made(null);
  return { raw, scores, statistics, normalized, weights: hooks.weights(normalized, scores, dropout, chunk) };
}

/** A chunk's weights without dropout. */
function wholeWeights(scope: Scope, attention: Attention, weighing: Weighing, chunk: Chunk): Grid {
  const { scores, statistics, normalized, weights } = weighing;
  const { normalizer, dropout, hooks } = attention;
  if (dropout === null) return weights;
  if (normalized !== undefined) return hooks!.weights(normalized, scores, null, chunk);
  return weightTiles(scope, scores, statistics, normalizer, null, attention, chunk);
}

/** Scores → row statistics → weights → context, a chunk of rows at a time. */
export function attend(scope: Scope, attention: Attention, value: TensorInfo, outputs: Outputs): void {
  const { batch, heads, keyHeads, queries, keys, valueWidth } = attention;
  const values = gather(scope, value, [batch * keyHeads, keys, valueWidth]);
  for (const chunk of chunksOf(batch * heads, queries, keys, scope.scratchBytes)) {
    const weighing = weigh(scope, attention, chunk);
    const { scores, statistics, weights } = weighing;
    const made: (Grid | undefined)[] = Object.values<Grid | undefined>({ ...weighing });
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
      const whole = wholeWeights(scope, attention, weighing, chunk);
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
 * @param through takes the gradients in a chunk's raw scores further, and frees them
 * @returns the gradients in the values, in tiles
 */
export function attendBackward(
  scope: Scope,
  attention: Attention,
  value: TensorInfo,
  { dContext, dLogSumExp, dWeights }: Cotangents,
  through: (dScores: Grid, chunk: Chunk) => void,
): Grid {
  const { batch, heads, keyHeads, queries, keys, valueWidth, normalizer, dropout, hooks } = attention;
  const values = gather(scope, value, [batch * keyHeads, keys, valueWidth]);
  const dContexts = gather(scope, dContext, [batch * heads, queries, valueWidth]);
  let dValues: Grid | undefined;
  for (const chunk of chunksOf(batch * heads, queries, keys, scope.scratchBytes)) {
    const { raw, scores, statistics, normalized, weights } = weigh(scope, attention, chunk);
    dValues = added(scope, columnsTimes(scope, weights, dContexts, chunk, attention), dValues);
    scope.free(weights);

    const inWeights = weightGradients(scope, dContexts, values, dWeights, dropout, attention, chunk);
    const gradients = normalized ? hooks!.weightGradients(normalized, inWeights, scores, chunk) : inWeights;
    const parts = { scores, statistics, dWeights: gradients };
    const means =
      statistics && normalizer.isCentred
        ? rowMeans(scope, { ...parts, statistics }, normalizer, dLogSumExp, queries, chunk)
        : undefined;
    const dScores = scoreGradients(scope, { ...parts, means }, normalizer);
    scope.free(statistics, normalized, inWeights, gradients, means);
    const dRaw = hooks?.scoreGradients(raw, dScores, chunk) ?? dScores;
    scope.free(raw, scores);
    if (dRaw !== dScores) scope.free(dScores);
    through(dRaw, chunk);
  }
  return dValues!;
}

/** All of a tensor that is made in one go. */
export function placeAll(scope: Scope, tiles: Grid, shape: readonly number[]): TensorInfo {
  const output = scope.output(shape);
  placeTiles(scope, tiles, { n: 0, count: tiles.n, row: 0, rows: tiles.rows }, output);
  return output.tensor;
}
