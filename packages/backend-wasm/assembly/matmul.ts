import { addFewRows, areFew, multiplyTransposed, TRANSPOSED, TRANSPOSED_ROWS } from './few-rows';
import { packColumns, packRows, packUnchecked } from './pack';
import { A_STEP, HEIGHT, leftPanel, product, rightPanel } from './product';
import { openScratch, scratchEnd, take, up4, up8 } from './tile';

/**
 * B is brought into panels block by block, right before they are used: a block of 256 KiB is still in the second-level cache then, with as much
 * of A, and a row of it is long enough to be read in order. The more rows of A there are at a time, the less often that is done.
 */
const B_COLUMNS: i32 = 256;
const B_DEPTH: i32 = 256;
const A_ROWS: i32 = 252;

/** Rows of A that there is room for: whole panels. */
function blockRows(rows: i32): i32 {
  return min(A_ROWS, ((rows + HEIGHT - 1) / HEIGHT) * HEIGHT);
}

let right: usize = 0;
let left: usize = 0;
let result: usize = 0;

/** @param rows most rows of a product */
export function matMulScratch(base: usize, rows: i32, columns: i32, depth: i32): f64 {
  const width = up8(min(columns, B_COLUMNS));
  openScratch(base);
  right = take(<u64>(width >> 3) * rightPanel(min(depth, B_DEPTH)));
  left = take(<u64>blockRows(rows) * depth * 4);
  result = take(<u64>blockRows(rows) * width * 4);
  return scratchEnd();
}

/**
 * C = A·B, of A [rows, depth] and B [depth, columns], or either transposed.
 *
 * @param bias what is added to each row, when not 0
 */
export function multiply(
  a: usize,
  b: usize,
  c: usize,
  rows: i32,
  columns: i32,
  depth: i32,
  aTransposed: bool,
  bTransposed: bool,
  bias: usize,
): void {
  if (areFew(rows, columns) && multiplyInPlace(a, b, c, rows, columns, depth, aTransposed, bTransposed, bias)) return;
  const block = blockRows(rows);
  // Bytes between columns of A, and between its panels; as columns of `block` numbers there is one, whose 12 rows follow each other.
  const step = aTransposed ? <usize>block << 2 : A_STEP;
  const panel = aTransposed ? A_STEP : leftPanel(depth);
  const bRow = <usize>(bTransposed ? depth : columns) << 2;
  const isOneBlock = columns <= B_COLUMNS && depth <= B_DEPTH;
  for (let i0 = 0; i0 < rows; i0 += block) {
    const here = min(block, rows - i0);
    if (aTransposed) copyColumns(a + (<usize>i0 << 2), <usize>rows << 2, here, depth, step);
    else packUnchecked(a + ((<usize>i0 * <usize>depth) << 2), <usize>depth << 2, here, depth, left);
    for (let n = 0; n < columns; n += B_COLUMNS) {
      const width = min(B_COLUMNS, columns - n);
      // What needs no padding is written where it belongs.
      const inPlace = !((width & 7) | (here & 3) | <i32>bias);
      const at = c + ((<usize>i0 * <usize>columns + <usize>n) << 2);
      const to = inPlace ? at : result;
      const stride = <usize>(inPlace ? columns : up8(width)) << 2;
      let k = 0;
      do {
        const height = min(B_DEPTH, depth - k);
        const bPanel = rightPanel(height);
        if (i0 == 0 || !isOneBlock) {
          if (bTransposed) packRows(b + <usize>n * bRow + (<usize>k << 2), bRow, width, height, right, bPanel);
          else packColumns(b + <usize>k * bRow + (<usize>n << 2), bRow, height, width, right, bPanel);
        }
        product(left + <usize>k * step, panel, step, right, bPanel, to, stride, up4(here), up8(width) >> 3, height, k > 0);
        k += B_DEPTH;
      } while (k < depth);
      if (inPlace) continue;
      for (let r: usize = 0; r < <usize>here; r++) {
        storeRow(result + r * stride, bias ? bias + (<usize>n << 2) : 0, at + ((r * <usize>columns) << 2), width);
      }
    }
  }
}

/** A, transposed, as columns of `step` bytes, so that depth stays the slow axis. */
function copyColumns(a: usize, stride: usize, rows: i32, depth: i32, step: usize): void {
  for (let k = 0; k < depth; k++) {
    const to = left + <usize>k * step;
    const from = a + <usize>k * stride;
    const end = <usize>rows << 2;
    let r: usize = 0;
    for (; r + 16 <= end; r += 16) v128.store(to + r, v128.load(from + r));
    if (r == end) continue;
    v128.store(to + r, f32x4.splat(0));
    for (; r < end; r += 4) store<f32>(to + r, load<f32>(from + r));
  }
}

/** The product of few rows, without panels; returns whether that is possible, and pays. */
function multiplyInPlace(
  a: usize,
  b: usize,
  c: usize,
  rows: i32,
  columns: i32,
  depth: i32,
  aTransposed: bool,
  bTransposed: bool,
  bias: usize,
): bool {
  const row = <usize>columns << 2;
  if (bTransposed) {
    if (rows > TRANSPOSED_ROWS || columns < TRANSPOSED || (aTransposed && rows > 1)) return false;
    multiplyTransposed(a, b, c, rows, columns, depth);
  } else {
    memory.fill(c, 0, <usize>rows * row);
    addFewRows(a, aTransposed ? 4 : <usize>depth << 2, aTransposed ? <usize>rows << 2 : 4, b, c, rows, columns, depth);
  }
  if (bias) for (let r = 0; r < rows; r++) storeRow(c + <usize>r * row, bias, c + <usize>r * row, columns);
  return true;
}

/** A row of a product to where it belongs, with `bias`, when not 0. */
function storeRow(from: usize, bias: usize, to: usize, columns: i32): void {
  const end = <usize>columns << 2;
  if (!bias) {
    memory.copy(to, from, end);
    return;
  }
  let n: usize = 0;
  for (; n + 16 <= end; n += 16) v128.store(to + n, f32x4.add(v128.load(from + n), v128.load(bias + n)));
  for (; n < end; n += 4) store<f32>(to + n, load<f32>(from + n) + load<f32>(bias + n));
}
