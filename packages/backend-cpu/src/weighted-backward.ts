import type { WeightedContextRequest } from '@heed/core';
import { addScaledRow, multiplyAdd } from './gemm.js';
import { normalizerGradients } from './normalizers.js';
import { packPanels, unpackPanels } from './panels.js';
import { PANEL, ROWS, padded } from './tile.js';
import { WeightedRows, type WeightedArrays } from './weighted-rows.js';
import type { Workspace } from './workspace.js';

export interface WeightedCotangentArrays {
  readonly dContext: Float32Array;
  readonly dWeights: Float32Array;
}

export interface WeightedGradientArrays {
  readonly dScores: Float32Array;
  readonly dValue: Float32Array;
}

/**
 * Gradients of scores and values. Weights are normalised again in float64: a saved float32 sigmoid near 1 has lost what
 * 1 − w needs.
 */
export function weightedBackward(
  arrays: WeightedArrays & WeightedCotangentArrays,
  request: WeightedContextRequest,
  workspace: Workspace,
): WeightedGradientArrays {
  const { batch, heads, queries, keys, valueWidth } = request;
  const dScores = new Float32Array(arrays.scores.length);
  const dValue = new Float32Array(arrays.value.length);
  const block = new WeightedRows(request, arrays, workspace);
  const normalizerGradient = normalizerGradients[request.normalizer];
  const valueStride = valueWidth * PANEL;
  const gradientStride = padded(valueWidth) * PANEL;
  const value = workspace.floats('valueRows', padded(keys) * valueWidth);
  const valueGradient = workspace.floats('valueGradient', padded(keys) * padded(valueWidth));
  const dContextRows = workspace.floats('dContextRows', ROWS * valueWidth);
  const dContextColumns = workspace.floats('dContextColumns', ROWS * padded(valueWidth));
  const dWeightStrip = workspace.floats('dWeightStrip', ROWS * padded(keys));
  const dWeightStride = padded(keys) * PANEL;
  const transposed = workspace.floats('transposedStrip', ROWS * padded(keys));
  const rowGradients = workspace.floats('rowGradients', keys);

  for (let b = 0; b < batch; b++) {
    const limit = block.mask.keyLimit(b);
    const keyPanels = padded(limit) / PANEL;
    for (let h = 0; h < heads; h++) {
      const head = b * heads + h;
      const valueStart = head * keys * valueWidth;
      const valueView = { data: arrays.value, start: valueStart, laneStride: valueWidth, depthStride: 1 };
      packPanels(valueView, limit, valueWidth, 1, value, 0, valueStride);
      valueGradient.fill(0, 0, padded(limit) * padded(valueWidth));

      for (let i0 = 0; i0 < queries; i0 += ROWS) {
        const rows = Math.min(ROWS, queries - i0);
        const rowPanels = padded(rows) / PANEL;
        const row0 = head * queries + i0;
        const start = row0 * valueWidth;
        const rowView = { data: arrays.dContext, start, laneStride: valueWidth, depthStride: 1 };
        const columnView = { data: arrays.dContext, start, laneStride: 1, depthStride: valueWidth };
        const finite = packPanels(rowView, rows, valueWidth, 1, dContextRows, 0, valueStride);
        packPanels(columnView, valueWidth, rows, 1, dContextColumns, 0, ROWS * PANEL);

        dWeightStrip.fill(0, 0, rowPanels * dWeightStride);
        multiplyAdd(
          dContextRows,
          0,
          valueStride,
          rowPanels,
          value,
          0,
          valueStride,
          keyPanels,
          valueWidth,
          dWeightStrip,
          0,
          dWeightStride,
        );

        block.begin();
        for (let r = 0; r < rows; r++) {
          const count = block.normalize(b, h, i0 + r, r);
          if (count === 0) continue;
          const from = (r >> 2) * dWeightStride + (r & 3);
          const row = (row0 + r) * keys;
          for (let c = 0; c < count; c++) {
            const j = block.positions[c];
            rowGradients[c] = block.factors[j] * dWeightStrip[from + j * PANEL] + arrays.dWeights[row + j];
          }
          normalizerGradient(block.weights, rowGradients, count);
          for (let c = 0; c < count; c++) dScores[row + block.positions[c]] = rowGradients[c];
        }

        if (finite) {
          transposeStrip(block.dropped, block.stride, rows, limit, transposed);
          multiplyAdd(
            transposed,
            0,
            ROWS * PANEL,
            keyPanels,
            dContextColumns,
            0,
            ROWS * PANEL,
            padded(valueWidth) / PANEL,
            rows,
            valueGradient,
            0,
            gradientStride,
          );
        } else {
          for (let r = 0; r < rows; r++) {
            let at = block.rowStart(r);
            for (let j = 0; j < limit; j++, at += PANEL) {
              if (block.allow[at] === 0) continue;
              addScaledRow(
                block.dropped[at],
                dContextColumns,
                0,
                ROWS * PANEL,
                r,
                padded(valueWidth) / PANEL,
                valueGradient,
                0,
                gradientStride,
                j,
              );
            }
          }
        }
      }
      unpackPanels(valueGradient, 0, gradientStride, limit, valueWidth, 1, dValue, valueStart, valueWidth);
    }
  }
  return { dScores, dValue };
}

/** Panels of [ROWS, keys] to panels of [keys, ROWS]; lanes past `keys` hold anything and reach only padding. */
function transposeStrip(strip: Float64Array, stride: number, rows: number, keys: number, out: Float64Array): void {
  for (let r = 0; r < rows; r++) {
    let from = (r >> 2) * stride + (r & 3);
    for (let j = 0; j < keys; j++, from += PANEL) out[(j >> 2) * ROWS * PANEL + r * PANEL + (j & 3)] = strip[from];
  }
}
