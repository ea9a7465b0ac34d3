import type { DotProductAttentionRequest } from '@heed/core';
import { DotProductScores, type DotProductArrays } from './dot-product-scores.js';
import { packKeyBlocks } from './key-blocks.js';
import { PARTIAL, SKIP, type TileKind } from './tile-kind.js';
import { packRight, unpack } from './panels.js';
import { QueryKeyGradients } from './query-key-gradients.js';
import { ScoreGradients, type CotangentArrays } from './score-gradients.js';
import { multiplyTile } from './tile-loops.js';
import { COLS, LEFT, RIGHT, ROWS, firstBlock, paddedColumns, paddedRows } from './tile.js';
import type { Workspace } from './workspace.js';

export interface DotProductGradientArrays {
  readonly dQuery: Float32Array;
  readonly dKey: Float32Array;
  readonly dValue: Float32Array;
  readonly dBias?: Float32Array;
  readonly dTable?: Float32Array;
  readonly dCaptures?: Float32Array;
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
            scores.pullBack(gradients.dScores, j0, cols);
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
    dCaptures: scores.hooks.dCaptures && Float32Array.from(scores.hooks.dCaptures),
  };
}

function allowOf(kind: TileKind, scores: DotProductScores): Uint8Array | undefined {
  return kind === PARTIAL ? scores.mask.allow : undefined;
}
