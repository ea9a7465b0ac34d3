import type { AdditiveAttentionRequest } from '@heed/core';
import { AdditiveScores, type AdditiveArrays } from './additive-scores.js';
import { ContextRows, type AttentionArrays } from './context-rows.js';
import { packKeyBlocks } from './key-blocks.js';
import { PARTIAL, SKIP } from './tile-kind.js';
import { COLS, ROWS, firstBlock } from './tile.js';
import type { Workspace } from './workspace.js';

/** softmax(Σ_u v_u·tanh(q + k), masked)·values in tiles; nothing of size [Tq, Tk, U] exists at any time. */
export function additiveForward(
  arrays: AdditiveArrays,
  request: AdditiveAttentionRequest,
  workspace: Workspace,
): AttentionArrays {
  const { batch, queries, keys, valueWidth } = request;
  const outputs: AttentionArrays = {
    context: new Float32Array(batch * queries * valueWidth),
    logSumExp: new Float32Array(batch * queries),
    remainder: new Float32Array(batch * queries),
    weights: request.returnWeights ? new Float32Array(batch * queries * keys) : undefined,
  };
  const scores = new AdditiveScores(request, arrays, workspace, false);
  const rowsOut = new ContextRows(request, request.dropout, outputs.weights, workspace);
  const tile = workspace.floats('tile', ROWS * COLS);

  for (let b = 0; b < batch; b++) {
    const limit = scores.mask.keyLimit(b);
    scores.useKeys(b, limit);
    const value = packKeyBlocks('value', arrays.value, b * keys * valueWidth, limit, valueWidth, workspace);
    for (let i0 = 0; i0 < queries; i0 += ROWS) {
      const rows = Math.min(ROWS, queries - i0);
      scores.useQueries(b, i0, rows);
      rowsOut.begin(b * queries + i0, rows);
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
  return outputs;
}
