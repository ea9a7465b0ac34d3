import { packColumns, packLeft, packRows } from './pack';
import { A_STEP, HEIGHT, leftPanel, product } from './product';
import { openScratch, scratchEnd, take, up4, up8 } from './tile';

/**
 * Numbers of A that are multiplied at a time, 256 KiB: they stay in the second-level cache while all panels of B go past
 * them, and the more rows they are, the less often B comes from further away.
 */
const BLOCK_SIZE: i32 = 65536;
const MOST_ROWS: i32 = 252;
const FEWEST_ROWS: i32 = 12;

function blockRows(depth: i32): i32 {
  const rows = max(FEWEST_ROWS, min(MOST_ROWS, BLOCK_SIZE / max(1, depth)));
  return rows - (rows % HEIGHT);
}

let right: usize = 0;
let left: usize = 0;
let result: usize = 0;

export function matMulScratch(base: usize, columns: i32, depth: i32): f64 {
  openScratch(base);
  right = take(<u64>up8(columns) * depth * 4);
  left = take(<u64>blockRows(depth) * depth * 4);
  result = take(<u64>blockRows(depth) * up8(columns) * 4);
  return scratchEnd();
}

/** Brings one B into panels; it's then used by every `multiply` until the next. */
export function openRight(b: usize, columns: i32, depth: i32, transposed: bool): void {
  if (transposed) packRows(b, <usize>depth << 2, columns, depth, right);
  else packColumns(b, <usize>columns << 2, depth, columns, right, <usize>depth << 5);
}

/** C = A·B, of A [rows, depth] or, transposed, [depth, rows]; `bias`, when not 0, is added to each row. */
export function multiply(a: usize, c: usize, rows: i32, columns: i32, depth: i32, transposed: bool, bias: usize): void {
  const stride = (<usize>up8(columns)) << 2;
  const block = blockRows(depth);
  for (let i0 = 0; i0 < rows; i0 += block) {
    const here = min(block, rows - i0);
    const panels = up8(columns) >> 3;
    if (transposed) {
      // As columns of `block` numbers, so that depth stays the slow axis.
      for (let k = 0; k < depth; k++) {
        const from = a + ((<usize>k * <usize>rows + <usize>i0) << 2);
        memory.copy(left + ((<usize>(k * block)) << 2), from, <usize>here << 2);
        memory.fill(left + ((<usize>(k * block + here)) << 2), 0, (<usize>(up4(here) - here)) << 2);
      }
      product(left, A_STEP, <usize>block << 2, right, <usize>depth << 5, result, stride, up4(here), panels, depth, false);
    } else {
      packLeft(a + ((<usize>i0 * <usize>depth) << 2), <usize>depth << 2, here, depth, left);
      product(left, leftPanel(depth), A_STEP, right, <usize>depth << 5, result, stride, up4(here), panels, depth, false);
    }
    for (let r = 0; r < here; r++) {
      const from = result + <usize>r * stride;
      const to = c + ((<usize>(i0 + r) * <usize>columns) << 2);
      if (bias) addRow(from, bias, to, columns);
      else memory.copy(to, from, <usize>columns << 2);
    }
  }
}

function addRow(from: usize, bias: usize, to: usize, columns: i32): void {
  let n: usize = 0;
  const end = <usize>columns << 2;
  for (; n + 16 <= end; n += 16) v128.store(to + n, f32x4.add(v128.load(from + n), v128.load(bias + n)));
  for (; n < end; n += 4) store<f32>(to + n, load<f32>(from + n) + load<f32>(bias + n));
}
