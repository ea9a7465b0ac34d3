import { packRight, type MatrixView } from './panels.js';
import { COLS, RIGHT, paddedColumns, rightPanels } from './tile.js';
import type { Workspace } from './workspace.js';

/**
 * A key-side matrix [keys, width] as right operand of a product that sums over keys: for each block of COLS keys, panels
 * over the width with the block's keys in depth.
 */
export interface KeyBlocks {
  readonly panels: Float64Array;
  readonly width: number;
  /** Distance between blocks. */
  readonly blockStride: number;
  /** Distance between panels of a block. */
  readonly stride: number;
  readonly panelCount: number;
  /** Whether block n holds only finite numbers. */
  readonly finite: readonly boolean[];
}

/** Packs the first `keys` rows of the [*, width] matrix that starts at `start`. */
export function packKeyBlocks(
  name: string,
  data: Float32Array,
  start: number,
  keys: number,
  width: number,
  workspace: Workspace,
): KeyBlocks {
  const blockStride = COLS * paddedColumns(width);
  const stride = COLS * RIGHT;
  const blocks = Math.ceil(keys / COLS);
  const panels = workspace.floats(name, blocks * blockStride);
  const finite: boolean[] = [];
  for (let block = 0; block < blocks; block++) {
    const j0 = block * COLS;
    const view: MatrixView = { data, start: start + j0 * width, laneStride: 1, depthStride: width };
    finite.push(packRight(view, width, Math.min(COLS, keys - j0), 1, panels, block * blockStride, stride));
  }
  return { panels, width, blockStride, stride, panelCount: rightPanels(width), finite };
}
