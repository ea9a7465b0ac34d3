import { multiplyAdd } from './gemm.js';
import { packLeft, packRight, unpack, type MatrixView } from './panels.js';
import { thinProduct } from './thin-product.js';
import { LEFT, RIGHT, ROWS, leftPanels, paddedColumns, paddedRows, rightPanels } from './tile.js';
import type { Workspace } from './workspace.js';

export interface ProductSizes {
  /** Rows of A and of the product. */
  readonly rows: number;
  /** Columns of B and of the product. */
  readonly columns: number;
  /** Columns of A, rows of B. */
  readonly depth: number;
}

/**
 * out = A·B in float32 with float64 sums.
 *
 * @param a rows are lanes
 * @param b columns are lanes
 * @param out row-major [rows, columns] from `outStart` on
 */
export function matrixProduct(
  a: MatrixView,
  b: MatrixView,
  sizes: ProductSizes,
  out: Float32Array,
  outStart: number,
  workspace: Workspace,
): void {
  const { rows, columns, depth } = sizes;
  if (rows * columns * depth <= SMALL) {
    smallProduct(a, b, sizes, out, outStart);
  } else if (rows <= THIN) {
    thinProduct(a, rows, b, columns, depth, out, outStart, columns, 1);
  } else if (columns <= THIN) {
    thinProduct(b, columns, a, rows, depth, out, outStart, 1, columns);
  } else {
    blockedProduct(a, b, sizes, out, outStart, workspace);
  }
}

/** Up to this many products, the work is over before anything could be packed (measured). */
const SMALL = 2048;

/** Up to here, packing the other matrix and filling panels up with zeros costs more than blocking saves (measured). */
const THIN = 4;

function smallProduct(
  a: MatrixView,
  b: MatrixView,
  { rows, columns, depth }: ProductSizes,
  out: Float32Array,
  outStart: number,
): void {
  const aData = a.data;
  const bData = b.data;
  const aStep = a.depthStride;
  const bStep = b.depthStride;
  for (let i = 0; i < rows; i++) {
    const aRow = a.start + i * a.laneStride;
    for (let j = 0; j < columns; j++) {
      let ai = aRow;
      let bi = b.start + j * b.laneStride;
      let sum = 0;
      for (let k = 0; k < depth; k++) {
        sum += aData[ai] * bData[bi];
        ai += aStep;
        bi += bStep;
      }
      out[outStart + i * columns + j] = sum;
    }
  }
}

/** A block of A is what a product stages; all panels of a block of B (up to 256 deep) fill the third-level cache. */
const BLOCK_ROWS = ROWS;
const LARGEST_BLOCK_COLUMNS = 384;

function blockedProduct(
  a: MatrixView,
  b: MatrixView,
  { rows, columns, depth }: ProductSizes,
  out: Float32Array,
  outStart: number,
  workspace: Workspace,
): void {
  const blockRows = Math.min(BLOCK_ROWS, paddedRows(rows));
  // Even blocks: a narrow last one would have A packed again for little work.
  const blockColumns = paddedColumns(columns / Math.ceil(columns / LARGEST_BLOCK_COLUMNS));
  const sumStride = blockColumns * LEFT;
  const aPanels = workspace.floats('matrixA', blockRows * depth);
  const bPanels = workspace.floats('matrixB', blockColumns * depth);
  const sums = workspace.floats('matrixSums', blockRows * blockColumns);

  for (let j0 = 0; j0 < columns; j0 += blockColumns) {
    const cols = Math.min(blockColumns, columns - j0);
    packRight({ ...b, start: b.start + j0 * b.laneStride }, cols, depth, 1, bPanels, 0, depth * RIGHT);
    for (let i0 = 0; i0 < rows; i0 += BLOCK_ROWS) {
      const lanes = Math.min(BLOCK_ROWS, rows - i0);
      packLeft({ ...a, start: a.start + i0 * a.laneStride }, lanes, depth, 1, aPanels, 0, depth * LEFT);
      sums.fill(0, 0, leftPanels(lanes) * sumStride);
      multiplyAdd(
        { data: aPanels, start: 0, stride: depth * LEFT, count: leftPanels(lanes) },
        { data: bPanels, start: 0, stride: depth * RIGHT, count: rightPanels(cols) },
        depth,
        { data: sums, start: 0, stride: sumStride },
      );
      unpack(sums, 0, sumStride, lanes, cols, 1, out, outStart + i0 * columns + j0, columns);
    }
  }
}
