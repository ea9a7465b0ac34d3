import type { AdditiveAttentionRequest } from '@heed/core';
import { AdditiveGradients } from './additive-gradients.js';
import { AdditiveScores, type AdditiveArrays } from './additive-scores.js';
import { PARTIAL, SKIP } from './tile-kind.js';
import { packRight, unpack } from './panels.js';
import { ScoreGradients, type CotangentArrays } from './score-gradients.js';
import { COLS, LEFT, firstBlock, RIGHT, ROWS, paddedColumns, paddedRows } from './tile.js';
import type { Workspace } from './workspace.js';

export interface AdditiveGradientArrays {
  readonly dQuery: Float32Array;
  readonly dKey: Float32Array;
  readonly dVector: Float32Array;
  readonly dValue: Float32Array;
  readonly dCaptures?: Float32Array;
}

/** Gradients of every float input, tile by tile, with weights recomputed from what the forward pass saved. */
export function additiveBackward(
  arrays: AdditiveArrays & CotangentArrays,
  request: AdditiveAttentionRequest,
  workspace: Workspace,
): AdditiveGradientArrays {
  const { batch, queries, keys, units, valueWidth } = request;
  const dQuery = new Float32Array(arrays.query.length);
  const dKey = new Float32Array(arrays.key.length);
  const dVector = new Float32Array(units);
  const dValue = new Float32Array(arrays.value.length);

  const scores = new AdditiveScores(request, arrays, workspace, true);
  const scoreGradients = new ScoreGradients(request, request.dropout, arrays, workspace);
  const gradients = new AdditiveGradients(scores, keys, workspace);
  const tile = workspace.floats('tile', ROWS * COLS);
  const valuePanels = workspace.floats('valueRows', paddedColumns(keys) * valueWidth);
  const valueGradient = workspace.floats('valueGradient', paddedRows(keys) * paddedColumns(valueWidth));
  const value = { panels: valuePanels, gradient: valueGradient };

  for (let b = 0; b < batch; b++) {
    const limit = scores.mask.keyLimit(b);
    const valueStart = b * keys * valueWidth;
    const view = { data: arrays.value, start: valueStart, laneStride: valueWidth, depthStride: 1 };
    packRight(view, limit, valueWidth, 1, valuePanels, 0, valueWidth * RIGHT);
    valueGradient.fill(0, 0, paddedRows(limit) * paddedColumns(valueWidth));
    scores.useKeys(b, limit);
    gradients.useKeys(limit);

    for (let i0 = 0; i0 < queries; i0 += ROWS) {
      const rows = Math.min(ROWS, queries - i0);
      const row0 = b * queries + i0;
      const start = firstBlock(scores.mask.keyStart(b, i0));
      const end = scores.mask.keyEnd(b, i0, rows);
      scores.useQueries(b, i0, rows);
      scoreGradients.begin(row0, rows);
      if (scoreGradients.needsPass) {
        for (let j0 = start; j0 < end; j0 += COLS) {
          const cols = Math.min(COLS, end - j0);
          const kind = scores.compute(tile, j0, cols);
          if (kind === SKIP) continue;
          scoreGradients.observe(tile, kind === PARTIAL ? scores.mask.allow : undefined, j0, cols);
        }
        scoreGradients.settle();
      }
      gradients.useQueries(rows);
      for (let j0 = start; j0 < end; j0 += COLS) {
        const cols = Math.min(COLS, end - j0);
        const kind = scores.compute(tile, j0, cols);
        if (kind === SKIP) continue;
        const allow = kind === PARTIAL ? scores.mask.allow : undefined;
        scoreGradients.differentiate(tile, allow, j0, cols, value);
        scores.pullBack(scoreGradients.dScores, j0, cols);
        gradients.add(scoreGradients.dScores, allow, j0, cols);
      }
      gradients.finishQueries(dQuery, row0 * units);
    }
    gradients.finishKeys(dKey, b * keys * units);
    unpack(valueGradient, 0, paddedColumns(valueWidth) * LEFT, limit, valueWidth, 1, dValue, valueStart, valueWidth);
  }
  gradients.finishVector(dVector);
  const dCaptures = scores.hooks.dCaptures && Float32Array.from(scores.hooks.dCaptures);
  return { dQuery, dKey, dVector, dValue, ...(dCaptures && { dCaptures }) };
}
