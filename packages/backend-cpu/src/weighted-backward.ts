import type { WeightedContextRequest } from '@heed/core';
import { addScaledRow, multiplyAdd } from './gemm.js';
import { normalizers } from './normalizers.js';
import { packLeft, packRight, unpack } from './panels.js';
import { LEFT, RIGHT, ROWS, laneStart, leftPanels, paddedColumns, rightPanels } from './tile.js';
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
  const normalizerGradient = normalizers[request.normalizer].backward;
  const gradientStride = paddedColumns(valueWidth) * LEFT;
  const value = workspace.floats('valueRows', paddedColumns(keys) * valueWidth);
  const valueGradient = workspace.floats('valueGradient', leftPanels(keys) * gradientStride);
  const dContextRows = workspace.floats('dContextRows', ROWS * valueWidth);
  const dContextColumns = workspace.floats('dContextColumns', ROWS * paddedColumns(valueWidth));
  const dWeightStrip = workspace.floats('dWeightStrip', ROWS * paddedColumns(keys));
  const dWeightStride = paddedColumns(keys) * LEFT;
  const transposed = workspace.floats('transposedStrip', ROWS * (keys + 1));
  const rowGradients = workspace.floats('rowGradients', keys);

  for (let b = 0; b < batch; b++) {
    const limit = block.mask.keyLimit(b);
    for (let h = 0; h < heads; h++) {
      const head = b * heads + h;
      const valueStart = head * keys * valueWidth;
      const valueView = { data: arrays.value, start: valueStart, laneStride: valueWidth, depthStride: 1 };
      packRight(valueView, limit, valueWidth, 1, value, 0, valueWidth * RIGHT);
      valueGradient.fill(0, 0, leftPanels(limit) * gradientStride);

      for (let i0 = 0; i0 < queries; i0 += ROWS) {
        const rows = Math.min(ROWS, queries - i0);
        const rowPanels = leftPanels(rows);
        const row0 = head * queries + i0;
        const start = row0 * valueWidth;
        const rowView = { data: arrays.dContext, start, laneStride: valueWidth, depthStride: 1 };
        const columnView = { data: arrays.dContext, start, laneStride: 1, depthStride: valueWidth };
        const finite = packLeft(rowView, rows, valueWidth, 1, dContextRows, 0, valueWidth * LEFT);
        packRight(columnView, valueWidth, rows, 1, dContextColumns, 0, ROWS * RIGHT);

        dWeightStrip.fill(0, 0, rowPanels * dWeightStride);
        multiplyAdd(
          { data: dContextRows, start: 0, stride: valueWidth * LEFT, count: rowPanels },
          { data: value, start: 0, stride: valueWidth * RIGHT, count: rightPanels(limit) },
          valueWidth,
          { data: dWeightStrip, start: 0, stride: dWeightStride },
        );

        block.begin();
        for (let r = 0; r < rows; r++) {
          const count = block.normalize(b, h, i0 + r, r);
          if (count === 0) continue;
          const from = laneStart(r, dWeightStride);
          const row = (row0 + r) * keys;
          for (let c = 0; c < count; c++) {
            const j = block.positions[c];
            rowGradients[c] = block.factors[j] * dWeightStrip[from + j * LEFT] + arrays.dWeights[row + j];
          }
          normalizerGradient(block.weights, rowGradients, count);
          for (let c = 0; c < count; c++) dScores[row + block.positions[c]] = rowGradients[c];
        }

        if (finite) {
          transposeStrip(block.dropped, block.stride, rows, limit, transposed);
          multiplyAdd(
            { data: transposed, start: 0, stride: ROWS * LEFT, count: leftPanels(limit) },
            { data: dContextColumns, start: 0, stride: ROWS * RIGHT, count: rightPanels(valueWidth) },
            rows,
            { data: valueGradient, start: 0, stride: gradientStride },
          );
        } else {
          for (let r = 0; r < rows; r++) {
            let at = laneStart(r, block.stride);
            for (let j = 0; j < limit; j++, at += LEFT) {
              if (block.allow[at] === 0) continue;
              addScaledRow(
                block.dropped[at],
                dContextColumns,
                0,
                ROWS * RIGHT,
                r,
                rightPanels(valueWidth),
                valueGradient,
                0,
                gradientStride,
                j,
              );
            }
          }
        }
      }
      unpack(valueGradient, 0, gradientStride, limit, valueWidth, 1, dValue, valueStart, valueWidth);
    }
  }
  return { dScores, dValue };
}

/** Panels of [ROWS, keys] to panels of [keys, ROWS]; lanes past `keys` hold anything and reach only padding. */
function transposeStrip(strip: Float64Array, stride: number, rows: number, keys: number, out: Float64Array): void {
  for (let r = 0; r < rows; r++) {
    let from = laneStart(r, stride);
    for (let j = 0; j < keys; j++, from += LEFT) out[laneStart(j, ROWS * LEFT) + r * LEFT] = strip[from];
  }
}
