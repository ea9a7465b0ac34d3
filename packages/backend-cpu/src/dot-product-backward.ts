import type { DotProductAttentionRequest } from '@heed/core';
import { multiplyTile } from './context-rows.js';
import { firstBlock } from './dot-product-forward.js';
import { DotProductScores, type DotProductArrays } from './dot-product-scores.js';
import { addScaledRow, multiplyAdd } from './gemm.js';
import { packKeyBlocks, type KeyBlocks } from './key-blocks.js';
import { PARTIAL, SKIP, type TileKind } from './mask-tiles.js';
import { packRight, unpack } from './panels.js';
import { forEachAllowed, ScoreGradients, type CotangentArrays } from './score-gradients.js';
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

export interface DotProductGradientArrays {
  readonly dQuery: Float32Array;
  readonly dKey: Float32Array;
  readonly dValue: Float32Array;
  readonly dBias?: Float32Array;
  readonly dTable?: Float32Array;
}

/** Gradients of every float input, tile by tile, with weights recomputed from what the forward pass saved. */
export function dotProductBackward(
  arrays: DotProductArrays & CotangentArrays,
  request: DotProductAttentionRequest,
  workspace: Workspace,
): DotProductGradientArrays {
  const { batch, heads, keyHeads, queries, keys, width, valueWidth, scale } = request;
  const dQuery = new Float32Array(arrays.query.length);
  const dKey = new Float32Array(arrays.key.length);
  const dValue = new Float32Array(arrays.value.length);

  const scores = new DotProductScores(request, arrays, workspace, true);
  const gradients = new ScoreGradients(request, request.dropout, arrays, workspace);
  const biasGradients = scores.bias.gradients(batch * heads * queries * keys);
  const products = new QueryKeyGradients(request, workspace);
  const tile = workspace.floats('tile', ROWS * COLS);
  const valuePanels = workspace.floats('valueRows', paddedColumns(keys) * valueWidth);
  const valueGradient = workspace.floats('valueGradient', paddedRows(keys) * paddedColumns(valueWidth));
  const group = heads / keyHeads;

  for (let b = 0; b < batch; b++) {
    const limit = scores.mask.keyLimit(b);
    for (let keyHead = 0; keyHead < keyHeads; keyHead++) {
      const keyRow = (b * keyHeads + keyHead) * keys;
      scores.useKeys(b, keyHead, limit);
      products.useKeys(packKeyBlocks('keyBlocks', arrays.key, keyRow * width, limit, width, workspace), limit);
      packRight(
        { data: arrays.value, start: keyRow * valueWidth, laneStride: valueWidth, depthStride: 1 },
        limit,
        valueWidth,
        1,
        valuePanels,
        0,
        valueWidth * RIGHT,
      );
      valueGradient.fill(0, 0, paddedRows(limit) * paddedColumns(valueWidth));
      const value = { panels: valuePanels, gradient: valueGradient };

      for (let h = keyHead * group; h < (keyHead + 1) * group; h++) {
        for (let i0 = 0; i0 < queries; i0 += ROWS) {
          const rows = Math.min(ROWS, queries - i0);
          const row0 = (b * heads + h) * queries + i0;
          const start = firstBlock(scores.mask.keyStart(b, i0));
          const end = scores.mask.keyEnd(b, i0, rows);
          scores.useQueries(b, h, i0, rows);
          gradients.begin(row0, rows);
          if (gradients.needsPass) {
            for (let j0 = start; j0 < end; j0 += COLS) {
              const cols = Math.min(COLS, end - j0);
              const kind = scores.compute(tile, j0, cols);
              if (kind !== SKIP) gradients.observe(tile, allowOf(kind, scores), j0, cols);
            }
            gradients.settle();
          }
          products.useQueries(arrays.query, row0 * width, rows, scale, scores.queryFinite);
          for (let j0 = start; j0 < end; j0 += COLS) {
            const cols = Math.min(COLS, end - j0);
            const kind = scores.compute(tile, j0, cols);
            if (kind === SKIP) continue;
            const allow = allowOf(kind, scores);
            gradients.differentiate(tile, allow, j0, cols, value);
            if (scores.bias.present) scores.bias.reduce(gradients.dScores, b, h, i0, rows, j0, cols, biasGradients);
            if (scores.slopes !== undefined) multiplyTile(gradients.dScores, scores.slopes, rows, cols);
            gradients.transpose(cols);
            products.add(gradients, allow, j0, cols);
          }
          products.finishQueries(dQuery, row0 * width);
        }
      }
      products.finishKeys(dKey, keyRow * width);
      const stride = paddedColumns(valueWidth) * LEFT;
      unpack(valueGradient, 0, stride, limit, valueWidth, 1, dValue, keyRow * valueWidth, valueWidth);
    }
  }
  return {
    dQuery,
    dKey,
    dValue,
    dBias: arrays.bias && Float32Array.from(biasGradients.dense),
    dTable: arrays.table && Float32Array.from(biasGradients.table),
  };
}

function allowOf(kind: TileKind, scores: DotProductScores): Uint8Array | undefined {
  return kind === PARTIAL ? scores.mask.allow : undefined;
}

/** dQ = scale·dS·K for a block of queries, and dK = dSᵀ·(scale·Q) summed over all blocks of a group of heads. */
class QueryKeyGradients {
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
        dScores,
        0,
        TILE_STRIDE,
        leftPanels(rows),
        keys.panels,
        block * keys.blockStride,
        keys.stride,
        panels,
        cols,
        this.#dQuery,
        0,
        stride,
      );
      multiplyAdd(
        transposed,
        0,
        ROWS * LEFT,
        leftPanels(cols),
        this.#queryColumns,
        0,
        ROWS * RIGHT,
        panels,
        rows,
        this.#dKey,
        laneStart(j0, stride),
        stride,
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
