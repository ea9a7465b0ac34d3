import type { WeightedContextRequest } from '@heed/core';
import { addScaledRow, multiplyAdd } from './gemm.js';
import { packKeyBlocks, type KeyBlocks } from './key-blocks.js';
import { unpack } from './panels.js';
import { COLS, LEFT, ROWS, laneStart, leftPanels, paddedColumns } from './tile.js';
import { WeightedRows, type WeightedArrays } from './weighted-rows.js';
import type { Workspace } from './workspace.js';

export interface WeightedOutputArrays {
  readonly context: Float32Array;
  readonly weights: Float32Array;
}

/** normaliser(scores, masked)·values. */
export function weightedForward(
  arrays: WeightedArrays,
  request: WeightedContextRequest,
  workspace: Workspace,
): WeightedOutputArrays {
  const { batch, heads, queries, keys, valueWidth } = request;
  const context = new Float32Array(batch * heads * queries * valueWidth);
  const weights = new Float32Array(arrays.scores.length);
  const block = new WeightedRows(request, arrays, workspace);
  const contextStride = paddedColumns(valueWidth) * LEFT;
  const contextPanels = workspace.floats('context', leftPanels(ROWS) * contextStride);

  for (let b = 0; b < batch; b++) {
    const limit = block.mask.keyLimit(b);
    for (let h = 0; h < heads; h++) {
      const head = b * heads + h;
      const value = packKeyBlocks('value', arrays.value, head * keys * valueWidth, limit, valueWidth, workspace);
      for (let i0 = 0; i0 < queries; i0 += ROWS) {
        const rows = Math.min(ROWS, queries - i0);
        const row0 = head * queries + i0;
        block.begin();
        for (let r = 0; r < rows; r++) {
          const count = block.normalize(b, h, i0 + r, r);
          for (let c = 0; c < count; c++) weights[(row0 + r) * keys + block.positions[c]] = block.weights[c];
        }
        contextPanels.fill(0, 0, leftPanels(rows) * contextStride);
        for (let j0 = 0; j0 < limit; j0 += COLS) {
          addValues(block, rows, j0, Math.min(COLS, limit - j0), value, contextPanels, contextStride);
        }
        unpack(contextPanels, 0, contextStride, rows, valueWidth, 1, context, row0 * valueWidth, valueWidth);
      }
    }
  }
  return { context, weights };
}

/** Weights without dropout of masked rows are 0, so the product is right as long as the values are finite. */
function addValues(
  block: WeightedRows,
  rows: number,
  j0: number,
  cols: number,
  value: KeyBlocks,
  context: Float64Array,
  contextStride: number,
): void {
  const start = (j0 / COLS) * value.blockStride;
  const { dropped, allow, stride } = block;
  if (value.finite[j0 / COLS]) {
    multiplyAdd(
      { data: dropped, start: j0 * LEFT, stride, count: leftPanels(rows) },
      { data: value.panels, start, stride: value.stride, count: value.panelCount },
      cols,
      { data: context, start: 0, stride: contextStride },
    );
    return;
  }
  for (let r = 0; r < rows; r++) {
    let at = laneStart(r, stride) + j0 * LEFT;
    for (let c = 0; c < cols; c++, at += LEFT) {
      if (allow[at] === 0) continue;
      addScaledRow(dropped[at], value.panels, start, value.stride, c, value.panelCount, context, 0, contextStride, r);
    }
  }
}
