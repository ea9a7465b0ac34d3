import type { DotProductAttentionRequest } from '@heed/core';
import { ContextRows, type AttentionArrays } from './context-rows.js';
import { DotProductScores, type DotProductArrays } from './dot-product-scores.js';
import { areFew } from './few-queries.js';
import { packKeyBlocks } from './key-blocks.js';
import { PARTIAL, SKIP } from './tile-kind.js';
import { COLS, ROWS, firstBlock } from './tile.js';
import type { Workspace } from './workspace.js';

/** softmax(cap(q·kᵀ·scale) + bias, masked)·v in tiles of ROWS × COLS scores; memory grows with Tk, not with Tq·Tk. */
export function dotProductForward(
  arrays: DotProductArrays,
  request: DotProductAttentionRequest,
  workspace: Workspace,
): AttentionArrays {
  const { batch, heads, keyHeads, queries, keys, valueWidth } = request;
  const outputs: AttentionArrays = {
    context: new Float32Array(batch * heads * queries * valueWidth),
    logSumExp: new Float32Array(batch * heads * queries),
    remainder: new Float32Array(batch * heads * queries),
    weights: request.returnWeights ? new Float32Array(batch * heads * queries * keys) : undefined,
  };
  const isFew = areFew(request);
  const scores = new DotProductScores(request, arrays, workspace, false, isFew);
  const sums = workspace.floats('valueSums', valueWidth);
  const rowsOut = new ContextRows(request, request.dropout, outputs.weights, workspace);
  const tile = workspace.floats('tile', ROWS * COLS);
  const group = heads / keyHeads;

  for (let b = 0; b < batch; b++) {
    const limit = scores.mask.keyLimit(b);
    for (let keyHead = 0; keyHead < keyHeads; keyHead++) {
      scores.useKeys(b, keyHead, limit);
      const valueStart = (b * keyHeads + keyHead) * keys * valueWidth;
      const value = isFew
        ? { data: arrays.value, start: valueStart, width: valueWidth, sums }
        : packKeyBlocks('value', arrays.value, valueStart, limit, valueWidth, workspace);
      for (let h = keyHead * group; h < (keyHead + 1) * group; h++) {
        for (let i0 = 0; i0 < queries; i0 += ROWS) {
          const rows = Math.min(ROWS, queries - i0);
          scores.useQueries(b, h, i0, rows);
          rowsOut.begin((b * heads + h) * queries + i0, rows);
          const end = scores.mask.keyEnd(b, i0, rows);
          for (let j0 = firstBlock(scores.mask.keyStart(b, i0)); j0 < end; j0 += COLS) {
            const cols = Math.min(COLS, end - j0);
            const kind = scores.compute(tile, j0, cols);
            if (kind === SKIP) continue;
            rowsOut.absorb(tile, kind === PARTIAL ? scores.mask.allow : undefined, j0, cols, value);
          }
          rowsOut.finish(outputs);
        }
      }
    }
  }
  return outputs;
}
