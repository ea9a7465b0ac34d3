import type { DotProductAttentionRequest } from '@heed/core';
import { addScaledRow, multiplyAdd } from './gemm.js';
import type { KeyBlocks } from './key-blocks.js';
import { packRight, unpack } from './panels.js';
import type { ScoreGradients } from './score-gradients.js';
import { forEachAllowed } from './tile-loops.js';
import {
  COLS,
  LEFT,
  RIGHT,
  ROWS,
  TILE_STRIDE,
  laneStart,
  leftPanels,
  paddedColumns,
  paddedRows,
  rightPanels,
} from './tile.js';
import type { Workspace } from './workspace.js';

/** dQ = scale·dS·K for a block of queries, and dK = dSᵀ·(scale·Q) summed over all blocks of a group of heads. */
export class QueryKeyGradients {
  readonly #width: number;
  /** Distance between panels of the sums. */
  readonly #stride: number;
  readonly #dQuery: Float64Array;
  readonly #dKey: Float64Array;
  readonly #queryColumns: Float64Array;
  #keys: KeyBlocks | undefined;
  #limit = 0;
  #rows = 0;
  #scale = 1;
  #queryFinite = true;

  constructor({ keys, width }: DotProductAttentionRequest, workspace: Workspace) {
    this.#width = width;
    this.#stride = paddedColumns(width) * LEFT;
    this.#dQuery = workspace.floats('dQuery', ROWS * paddedColumns(width));
    this.#dKey = workspace.floats('dKey', paddedRows(keys) * paddedColumns(width));
    this.#queryColumns = workspace.floats('queryColumns', ROWS * paddedColumns(width));
  }

  useKeys(keys: KeyBlocks, limit: number): void {
    this.#keys = keys;
    this.#limit = limit;
    this.#dKey.fill(0, 0, leftPanels(limit) * this.#stride);
  }

  useQueries(query: Float32Array, start: number, rows: number, scale: number, finite: boolean): void {
    const view = { data: query, start, laneStride: 1, depthStride: this.#width };
    packRight(view, this.#width, rows, scale, this.#queryColumns, 0, ROWS * RIGHT);
    this.#rows = rows;
    this.#scale = scale;
    this.#queryFinite = finite;
    this.#dQuery.fill(0, 0, leftPanels(rows) * this.#stride);
  }

  add({ dScores, transposed }: ScoreGradients, allow: Uint8Array | undefined, j0: number, cols: number): void {
    const keys = this.#keys!;
    const block = j0 / COLS;
    const panels = rightPanels(this.#width);
    const stride = this.#stride;
    const rows = this.#rows;
    if (allow === undefined || (this.#queryFinite && keys.finite[block])) {
      multiplyAdd(
        { data: dScores, start: 0, stride: TILE_STRIDE, count: leftPanels(rows) },
        { data: keys.panels, start: block * keys.blockStride, stride: keys.stride, count: panels },
        cols,
        { data: this.#dQuery, start: 0, stride },
      );
      multiplyAdd(
        { data: transposed, start: 0, stride: ROWS * LEFT, count: leftPanels(cols) },
        { data: this.#queryColumns, start: 0, stride: ROWS * RIGHT, count: panels },
        rows,
        { data: this.#dKey, start: laneStart(j0, stride), stride },
      );
      return;
    }
    forEachAllowed(allow, rows, cols, (r, c, at) => {
      const d = dScores[at];
      const start = block * keys.blockStride;
      addScaledRow(d, keys.panels, start, keys.stride, c, panels, this.#dQuery, 0, stride, r);
      addScaledRow(d, this.#queryColumns, 0, ROWS * RIGHT, r, panels, this.#dKey, 0, stride, j0 + c);
    });
  }

  finishQueries(dQuery: Float32Array, start: number): void {
    const width = this.#width;
    unpack(this.#dQuery, 0, this.#stride, this.#rows, width, this.#scale, dQuery, start, width);
  }

  finishKeys(dKey: Float32Array, start: number): void {
    unpack(this.#dKey, 0, this.#stride, this.#limit, this.#width, 1, dKey, start, this.#width);
  }
}
