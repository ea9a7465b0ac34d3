import type { Dropout } from '@heed/core';
import { DropoutRows } from './dropout.js';
import { exp } from './exp.js';
import { addValuesInPlace, type ValuesInPlace } from './few-queries.js';
import { addScaledRow, multiplyAdd } from './gemm.js';
import type { KeyBlocks } from './key-blocks.js';
import { unpack } from './panels.js';
import {
  allowedExponentials,
  exponentials,
  forEachAllowed,
  highestAllowed,
  highestOf,
  multiplyTile,
} from './tile-loops.js';
import { COLS, LEFT, ROWS, TILE_STRIDE, laneStart, leftPanels, paddedColumns, rowStart } from './tile.js';
import type { Workspace } from './workspace.js';

export interface AttentionArrays {
  readonly context: Float32Array;
  readonly logSumExp: Float32Array;
  /** What rounding to float32 took from logSumExp. */
  readonly remainder: Float32Array;
  readonly weights?: Float32Array;
}

/**
 * Softmax of a block of query rows times the values, one tile of scores after another: each row keeps its highest score
 * so far, the sum of exponentials relative to it, and the context on that scale, which shrinks when a higher score comes.
 *
 * @see Milakov & Gimelshein 2018, arXiv:1805.02867 (online softmax); Dao et al. 2022, arXiv:2205.14135, §3.1
 */
export class ContextRows {
  readonly #keys: number;
  readonly #valueWidth: number;
  readonly #dropout: DropoutRows | undefined;
  /** The whole output [rows, keys], when asked for. */
  readonly #weights: Float32Array | undefined;
  readonly #highest = new Float64Array(ROWS);
  readonly #sum = new Float64Array(ROWS);
  /** Panels of the context, [ROWS, Dv]. */
  readonly #context: Float64Array;
  readonly #contextStride: number;
  readonly #factors: Float64Array;
  /** The highest score as it was when a block's weights were written: [block, ROWS]. */
  readonly #writtenAt: Float64Array;
  #row0 = 0;
  #rows = 0;

  constructor(
    { keys, valueWidth }: { readonly keys: number; readonly valueWidth: number },
    dropout: Dropout | null,
    weights: Float32Array | undefined,
    workspace: Workspace,
  ) {
    this.#keys = keys;
    this.#valueWidth = valueWidth;
    this.#dropout = dropout === null ? undefined : new DropoutRows(dropout);
    this.#weights = weights;
    this.#contextStride = paddedColumns(valueWidth) * LEFT;
    this.#context = workspace.floats('context', leftPanels(ROWS) * this.#contextStride);
    this.#factors = workspace.floats('factors', ROWS * COLS);
    this.#writtenAt = workspace.floats('writtenAt', Math.ceil(keys / COLS) * ROWS);
  }

  /** Starts on rows [row0, row0 + rows), counted over the whole [B·H·Tq] axis. */
  begin(row0: number, rows: number): void {
    this.#row0 = row0;
    this.#rows = rows;
    this.#highest.fill(-Infinity);
    this.#sum.fill(0);
    this.#context.fill(0, 0, leftPanels(rows) * this.#contextStride);
    this.#writtenAt.fill(-Infinity, 0, Math.ceil(this.#keys / COLS) * ROWS);
  }

  /**
   * Takes in the scores of keys [j0, j0 + cols). The tile is used up.
   *
   * @param allow which positions take part; undefined when all do and the scores are finite. Scores of −∞ are taken out.
   */
  absorb(
    tile: Float64Array,
    allow: Uint8Array | undefined,
    j0: number,
    cols: number,
    value: KeyBlocks | ValuesInPlace,
  ): void {
    for (let r = 0; r < this.#rows; r++) {
      const at = rowStart(r);
      const before = this.#highest[r];
      const highest =
        allow === undefined ? highestOf(tile, at, cols, before) : highestAllowed(tile, allow, at, cols, before);
      if (highest > before) this.#raise(r, before, highest);
      // Next to +∞ all of the row is NaN, also what is infinitely far below.
      const origin = highest === Infinity ? NaN : highest;
      this.#sum[r] +=
        allow === undefined ? exponentials(tile, at, cols, origin) : allowedExponentials(tile, allow, at, cols, origin);
    }
    if (this.#weights !== undefined) this.#writeWeights(this.#weights, tile, j0, cols);
    if (this.#dropout !== undefined) {
      this.#dropout.fillTile(this.#row0 * this.#keys + j0, this.#keys, this.#rows, cols, this.#factors);
      multiplyTile(tile, this.#factors, this.#rows, cols);
    }
    if ('data' in value) {
      addValuesInPlace(tile, allow, this.#rows, j0, cols, value, this.#context, this.#contextStride);
    } else {
      this.#addValues(tile, allow, j0, cols, value);
    }
  }

  /** Writes the finished rows. Rows that attended to nothing get context 0, weights 0 and logSumExp −∞. */
  finish({ context, logSumExp, remainder }: AttentionArrays): void {
    const width = this.#valueWidth;
    for (let r = 0; r < this.#rows; r++) {
      const row = this.#row0 + r;
      const sum = this.#sum[r];
      if (sum === 0) {
        logSumExp[row] = -Infinity;
        continue;
      }
      const log = Math.log(sum);
      logSumExp[row] = this.#highest[r] + log;
      remainder[row] = log - (logSumExp[row] - this.#highest[r]);
      const from = laneStart(r, this.#contextStride);
      unpack(this.#context, from, 0, 1, width, 1 / sum, context, row * width, width);
      if (this.#weights !== undefined) this.#scaleWeights(this.#weights, r, sum);
    }
  }

  #raise(r: number, before: number, highest: number): void {
    this.#highest[r] = highest;
    if (this.#sum[r] === 0) return; // nothing there yet
    const factor = exp(before - highest);
    this.#sum[r] *= factor;
    let at = laneStart(r, this.#contextStride);
    for (let d = 0; d < this.#valueWidth; d++, at += LEFT) this.#context[at] *= factor;
  }

  #addValues(tile: Float64Array, allow: Uint8Array | undefined, j0: number, cols: number, value: KeyBlocks): void {
    const block = Math.floor(j0 / COLS);
    const start = block * value.blockStride;
    if (allow === undefined || value.finite[block]) {
      const rowPanels = leftPanels(this.#rows);
      multiplyAdd(
        { data: tile, start: 0, stride: TILE_STRIDE, count: rowPanels },
        { data: value.panels, start, stride: value.stride, count: value.panelCount },
        cols,
        { data: this.#context, start: 0, stride: this.#contextStride },
      );
      return;
    }
    forEachAllowed(allow, this.#rows, cols, (r, c, at) =>
      addScaledRow(
        tile[at],
        value.panels,
        start,
        value.stride,
        c,
        value.panelCount,
        this.#context,
        0,
        this.#contextStride,
        r,
      ),
    );
  }

  #writeWeights(weights: Float32Array, tile: Float64Array, j0: number, cols: number): void {
    const block = Math.floor(j0 / COLS) * ROWS;
    for (let r = 0; r < this.#rows; r++) {
      const to = (this.#row0 + r) * this.#keys + j0;
      let at = rowStart(r);
      for (let c = 0; c < cols; c++, at += LEFT) weights[to + c] = tile[at];
      this.#writtenAt[block + r] = this.#highest[r];
    }
  }

  #scaleWeights(weights: Float32Array, r: number, sum: number): void {
    const row = (this.#row0 + r) * this.#keys;
    for (let j0 = 0; j0 < this.#keys; j0 += COLS) {
      const factor = exp(this.#writtenAt[Math.floor(j0 / COLS) * ROWS + r] - this.#highest[r]) / sum;
      const end = row + Math.min(j0 + COLS, this.#keys);
      // A NaN among the attended scores makes the row NaN, but a masked weight stays 0.
      for (let w = row + j0; w < end; w++) if (weights[w] !== 0) weights[w] *= factor;
    }
  }
}
