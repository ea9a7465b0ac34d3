import { A_STEP, HEIGHT, STEP, leftPanel, product } from './product';
import { up8 } from './tile';

/**
 * Products of tiles on the diagonal of a causal mask, whose rows end one column after the other: row r reaches the columns below r + reach.
 * HEIGHT rows at a time do what the last of them reaches; the rest is masked, or has the weight 0, and would be work for nothing. Of 192 positions
 * that is an eighth of all work.
 */

/** How many of the columns the rows reach that are done together with row r. */
export function reached(r: i32, reach: i32, cols: i32): i32 {
  return max(0, min(cols, r - (r % HEIGHT) + HEIGHT - 1 + reach));
}

/** C[rows, cols] = A·B where rows reach it; what is beyond stays as it was, but for what a panel has more. */
export function productWithin(
  a: usize,
  b: usize,
  bPanel: usize,
  c: usize,
  cRow: usize,
  rows: i32,
  cols: i32,
  depth: i32,
  reach: i32,
): void {
  const aPanel = leftPanel(depth);
  const each = reach < cols ? HEIGHT : rows;
  for (let r = 0; r < rows; r += each, a += aPanel, c += <usize>HEIGHT * cRow) {
    const panels = up8(reached(r, reach, cols)) >> 3;
    product(a, aPanel, A_STEP, b, bPanel, c, cRow, min(each, rows - r), panels, depth, false);
  }
}

/** C[rows, 8·panels] += A·B, where A in panels of `width` columns is a tile of weights, of which `cols` count, and B has its columns as depth. */
export function addRows(
  a: usize,
  width: i32,
  b: usize,
  bPanel: usize,
  c: usize,
  cRow: usize,
  rows: i32,
  panels: i32,
  cols: i32,
  reach: i32,
): void {
  const aPanel = leftPanel(width);
  const each = reach < cols ? HEIGHT : rows;
  for (let r = 0; r < rows; r += each, a += aPanel, c += <usize>HEIGHT * cRow) {
    product(a, aPanel, A_STEP, b, bPanel, c, cRow, min(each, rows - r), panels, reached(r, reach, cols), true);
  }
}

/** C[cols, 8·panels] += Aᵀ·B, where A is a tile of weights in rows of `aRow` bytes, and B has its rows as depth: column c is reached from row c − reach + 1 on. */
export function addColumns(
  a: usize,
  aRow: usize,
  b: usize,
  bPanel: usize,
  c: usize,
  cRow: usize,
  cols: i32,
  panels: i32,
  rows: i32,
  reach: i32,
): void {
  const each = reach < cols ? HEIGHT : cols;
  for (let k = 0; k < cols; k += each, a += A_STEP, c += <usize>HEIGHT * cRow) {
    const from = min(rows, max(0, k - reach + 1));
    const here = min(each, cols - k);
    product(a + <usize>from * aRow, A_STEP, aRow, b + <usize>from * STEP, bPanel, c, cRow, here, panels, rows - from, true);
  }
}
