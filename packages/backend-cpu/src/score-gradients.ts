import type { Dropout } from '@heed/core';
import { DropoutRows } from './dropout.js';
import { exp } from './exp.js';
import { addScaledRow, multiplyAdd } from './gemm.js';
import { packLeft, packRight } from './panels.js';
import {
  allowedSoftmaxGradients,
  forEachAllowed,
  highestAllowed,
  highestOf,
  multiplyTile,
  softmaxGradients,
  transposeTile,
} from './tile-loops.js';
import {
  COLS,
  LEFT,
  RIGHT,
  ROWS,
  TILE_STRIDE,
  laneStart,
  leftPanels,
  paddedColumns,
  rightPanels,
  rowStart,
} from './tile.js';
import type { Workspace } from './workspace.js';

export interface CotangentArrays {
  readonly context: Float32Array;
  readonly logSumExp: Float32Array;
  readonly remainder: Float32Array;
  readonly dContext: Float32Array;
  readonly dLogSumExp: Float32Array;
  readonly dWeights?: Float32Array;
}

/** The values of one key head, as left operand of value gradients. */
export interface ValueRows {
  /** Panels of [keys, Dv]. */
  readonly panels: Float64Array;
  /** Sums of the gradient, panels of [keys, Dv]. */
  readonly gradient: Float64Array;
}

/**
 * Turns tiles of scores into tiles of score gradients: dS = P∘(dP − D + dLSE) with dP = F∘(dO·Vᵀ) + dW,
 * D_i = Σ_j P_ij·dP_ij = dO_i·O_i + Σ_j P_ij·dW_ij, where P are the weights, F the dropout factors and O the context; and
 * sums dV = (P∘F)ᵀ·dO on the way.
 *
 * P is recomputed from logSumExp, of which two float32 numbers are saved. Where those are too coarse for scores in float64, and
 * where D needs the weights, rows are first `observed` in a pass of their own.
 *
 * @see Dao et al. 2022, arXiv:2205.14135, §B.4
 */
export class ScoreGradients {
  /** The score gradients of the last tile, 0 where masked. */
  readonly dScores: Float64Array;
  /** `dScores` with keys as rows: panels of [COLS, ROWS]. */
  readonly transposed: Float64Array;
  /** Whether this block's dContext is finite. */
  finite = true;
  /** Whether each tile has to go through `observe`, and then `settle`, before `differentiate`. */
  needsPass = false;
  readonly #keys: number;
  readonly #valueWidth: number;
  readonly #dropout: DropoutRows | undefined;
  readonly #arrays: CotangentArrays;
  /** P = factor·exp(score − origin). */
  readonly #origins = new Float64Array(ROWS);
  readonly #scales = new Float64Array(ROWS);
  /** D − dLSE */
  readonly #offsets = new Float64Array(ROWS);
  readonly #highest = new Float64Array(ROWS);
  readonly #sum = new Float64Array(ROWS);
  readonly #weighted = new Float64Array(ROWS);
  readonly #contextRows: Float64Array;
  readonly #contextColumns: Float64Array;
  readonly #factors: Float64Array;
  readonly #probabilities: Float64Array;
  #row0 = 0;
  #rows = 0;

  constructor(
    { keys, valueWidth }: { readonly keys: number; readonly valueWidth: number },
    dropout: Dropout | null,
    arrays: CotangentArrays,
    workspace: Workspace,
  ) {
    this.#keys = keys;
    this.#valueWidth = valueWidth;
    this.#dropout = dropout === null ? undefined : new DropoutRows(dropout);
    this.#arrays = arrays;
    this.dScores = workspace.floats('dScores', ROWS * COLS);
    this.transposed = workspace.floats('dScoresTransposed', ROWS * COLS);
    this.#contextRows = workspace.floats('dContextRows', ROWS * valueWidth);
    this.#contextColumns = workspace.floats('dContextColumns', ROWS * paddedColumns(valueWidth));
    this.#factors = workspace.floats('factors', ROWS * COLS);
    this.#probabilities = workspace.floats('probabilities', ROWS * COLS);
  }

  /** Starts on rows [row0, row0 + rows), counted over the whole [B·H·Tq] axis. */
  begin(row0: number, rows: number): void {
    const { context, logSumExp, remainder, dContext, dLogSumExp, dWeights } = this.#arrays;
    const width = this.#valueWidth;
    this.#row0 = row0;
    this.#rows = rows;
    const start = row0 * width;
    this.finite = packLeft(
      { data: dContext, start, laneStride: width, depthStride: 1 },
      rows,
      width,
      1,
      this.#contextRows,
      0,
      width * LEFT,
    );
    packRight(
      { data: dContext, start, laneStride: 1, depthStride: width },
      width,
      rows,
      1,
      this.#contextColumns,
      0,
      ROWS * RIGHT,
    );
    this.needsPass = dWeights !== undefined;
    for (let r = 0; r < rows; r++) {
      const rest = remainder[row0 + r];
      this.#origins[r] = logSumExp[row0 + r];
      this.#scales[r] = exp(-rest);
      if (!(Math.abs(rest) <= LARGEST_EXACT_ENOUGH)) this.needsPass = true;
      // A row that attends to nothing may carry anything in its cotangents, and nothing asks for its offset.
      this.#offsets[r] = dot(context, dContext, start + r * width, width) - dLogSumExp[row0 + r];
    }
    this.#highest.fill(-Infinity);
    this.#sum.fill(0);
    this.#weighted.fill(0);
  }

  /** First pass: the sums over a row of exp(score), and of exp(score)·dWeights, in float64. */
  observe(tile: Float64Array, allow: Uint8Array | undefined, j0: number, cols: number): void {
    const { dWeights } = this.#arrays;
    for (let r = 0; r < this.#rows; r++) {
      const start = rowStart(r);
      const before = this.#highest[r];
      const highest =
        allow === undefined ? highestOf(tile, start, cols, before) : highestAllowed(tile, allow, start, cols, before);
      if (highest > before && this.#sum[r] !== 0) {
        const factor = exp(before - highest);
        this.#sum[r] *= factor;
        this.#weighted[r] *= factor;
      }
      this.#highest[r] = highest;
      const from = (this.#row0 + r) * this.#keys + j0;
      let sum = 0;
      let weighted = 0;
      for (let c = 0, at = start; c < cols; c++, at += LEFT) {
        if (allow !== undefined && allow[at] === 0) continue;
        const e = exp(tile[at] - highest);
        sum += e;
        if (dWeights !== undefined) weighted += e * dWeights[from + c];
      }
      this.#sum[r] += sum;
      this.#weighted[r] += weighted;
    }
  }

  /** Ends the first pass. */
  settle(): void {
    for (let r = 0; r < this.#rows; r++) {
      if (this.#sum[r] === 0) continue;
      this.#origins[r] = this.#highest[r];
      this.#scales[r] = 1 / this.#sum[r];
      this.#offsets[r] += this.#weighted[r] / this.#sum[r];
    }
  }

  /**
   * Leaves the score gradients of keys [j0, j0 + cols) in `dScores` and `transposed`, and adds to the value gradient. The
   * tile of scores is used up.
   *
   * @param allow which positions take part; undefined when all do and the scores are finite. Scores of −∞ are taken out.
   */
  differentiate(tile: Float64Array, allow: Uint8Array | undefined, j0: number, cols: number, value: ValueRows): void {
    const rows = this.#rows;
    this.#multiplyByValues(j0, cols, value);
    if (this.#dropout !== undefined) {
      this.#dropout.fillTile(this.#row0 * this.#keys + j0, this.#keys, rows, cols, this.#factors);
      multiplyTile(this.dScores, this.#factors, rows, cols);
    }
    if (this.#arrays.dWeights !== undefined) this.#addWeightCotangents(this.#arrays.dWeights, j0, cols);
    for (let r = 0; r < rows; r++) {
      const at = rowStart(r);
      if (allow === undefined) {
        softmaxGradients(tile, this.dScores, at, cols, this.#origins[r], this.#scales[r], this.#offsets[r]);
      } else {
        allowedSoftmaxGradients(
          tile,
          this.dScores,
          allow,
          at,
          cols,
          this.#origins[r],
          this.#scales[r],
          this.#offsets[r],
        );
      }
    }
    if (this.#dropout !== undefined) multiplyTile(tile, this.#factors, rows, cols);
    this.#addValueGradient(tile, allow, j0, cols, value);
  }

  /** After a change to `dScores`, or before its first use. */
  transpose(cols: number): void {
    transposeTile(this.dScores, this.#rows, cols, this.transposed);
  }

  #multiplyByValues(j0: number, cols: number, value: ValueRows): void {
    const rowPanels = leftPanels(this.#rows);
    const width = this.#valueWidth;
    this.dScores.fill(0, 0, rowPanels * TILE_STRIDE);
    multiplyAdd(
      { data: this.#contextRows, start: 0, stride: width * LEFT, count: rowPanels },
      { data: value.panels, start: j0 * width, stride: width * RIGHT, count: rightPanels(cols) },
      width,
      { data: this.dScores, start: 0, stride: TILE_STRIDE },
    );
  }

  #addWeightCotangents(dWeights: Float32Array, j0: number, cols: number): void {
    for (let r = 0; r < this.#rows; r++) {
      const from = (this.#row0 + r) * this.#keys + j0;
      let at = rowStart(r);
      for (let c = 0; c < cols; c++, at += LEFT) this.dScores[at] += dWeights[from + c];
    }
  }

  #addValueGradient(
    weights: Float64Array,
    allow: Uint8Array | undefined,
    j0: number,
    cols: number,
    { gradient }: ValueRows,
  ): void {
    const stride = paddedColumns(this.#valueWidth) * LEFT;
    const panels = rightPanels(this.#valueWidth);
    if (allow === undefined || this.finite) {
      transposeTile(weights, this.#rows, cols, this.#probabilities);
      multiplyAdd(
        { data: this.#probabilities, start: 0, stride: ROWS * LEFT, count: leftPanels(cols) },
        { data: this.#contextColumns, start: 0, stride: ROWS * RIGHT, count: panels },
        this.#rows,
        { data: gradient, start: laneStart(j0, stride), stride },
      );
      return;
    }
    forEachAllowed(allow, this.#rows, cols, (r, c, at) =>
      addScaledRow(weights[at], this.#contextColumns, 0, ROWS * RIGHT, r, panels, gradient, 0, stride, j0 + c),
    );
  }
}

/**
 * A saved remainder of magnitude up to 4 is off by at most 2⁻²³, which is then the relative error of the row's weights. A larger
 * one belongs to scores beyond 2²⁵ that float32 doesn't hold: what they sum to is computed again.
 */
const LARGEST_EXACT_ENOUGH = 4;

function dot(a: Float32Array, b: Float32Array, start: number, length: number): number {
  let sum = 0;
  for (let i = start; i < start + length; i++) sum += a[i] * b[i];
  return sum;
}
