import { directScores } from './direct';
import { madd } from './vector';

/**
 * Products of few rows, such as those of a decoder's step: bringing B into panels would cost more than it saves, so it is read once, in
 * order, where it is. What is computed is bound by memory.
 */

/** Rows up to which that pays. */
export const FEW_ROWS: i32 = 4;

/** Columns that are added to at a time: 4 rows of them, and 4 of B, are half of the first-level cache. */
const COLUMNS: i32 = 512;
/** Columns of Bᵀ that all rows are multiplied by in turn: of a depth of 768, they are a tenth of the second-level cache. */
const TRANSPOSED: i32 = 16;

/**
 * C += A·B, B [depth, columns].
 *
 * @param a number (row, k) is at a + row·aRow + k·aColumn
 */
export function addFewRows(
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  c: usize,
  rows: i32,
  columns: i32,
  depth: i32,
): void {
  const row = <usize>columns << 2;
  for (let n = 0; n < columns; n += COLUMNS) {
    const bytes = <usize>min(COLUMNS, columns - n) << 2;
    let from = b + (<usize>n << 2);
    let k = 0;
    for (; k + 4 <= depth; k += 4, from += 4 * row) {
      for (let r = 0; r < rows; r++) {
        addFourRows(a + <usize>r * aRow + <usize>k * aColumn, aColumn, from, row, c + <usize>r * row + (<usize>n << 2), bytes);
      }
    }
    for (; k < depth; k++, from += row) {
      for (let r = 0; r < rows; r++) {
        addRow(load<f32>(a + <usize>r * aRow + <usize>k * aColumn), from, c + <usize>r * row + (<usize>n << 2), bytes);
      }
    }
  }
}

/** Four rows of B, each times its number of A, in one pass over C. */
function addFourRows(a: usize, aColumn: usize, b0: usize, row: usize, c: usize, bytes: usize): void {
  const x0 = v128.load_splat<f32>(a);
  const x1 = v128.load_splat<f32>(a + aColumn);
  const x2 = v128.load_splat<f32>(a + 2 * aColumn);
  const x3 = v128.load_splat<f32>(a + 3 * aColumn);
  const b1 = b0 + row;
  const b2 = b1 + row;
  const b3 = b2 + row;
  let n: usize = 0;
  for (; n + 32 <= bytes; n += 32) {
    let s = v128.load(c + n);
    let t = v128.load(c + n, 16);
    s = madd(s, x0, v128.load(b0 + n)), t = madd(t, x0, v128.load(b0 + n, 16));
    s = madd(s, x1, v128.load(b1 + n)), t = madd(t, x1, v128.load(b1 + n, 16));
    s = madd(s, x2, v128.load(b2 + n)), t = madd(t, x2, v128.load(b2 + n, 16));
    s = madd(s, x3, v128.load(b3 + n)), t = madd(t, x3, v128.load(b3 + n, 16));
    v128.store(c + n, s), v128.store(c + n, t, 16);
  }
  for (; n < bytes; n += 4) {
    let s = load<f32>(c + n);
    s += load<f32>(a) * load<f32>(b0 + n);
    s += load<f32>(a + aColumn) * load<f32>(b1 + n);
    s += load<f32>(a + 2 * aColumn) * load<f32>(b2 + n);
    s += load<f32>(a + 3 * aColumn) * load<f32>(b3 + n);
    store<f32>(c + n, s);
  }
}

function addRow(x: f32, b: usize, c: usize, bytes: usize): void {
  const factor = f32x4.splat(x);
  let n: usize = 0;
  for (; n + 16 <= bytes; n += 16) v128.store(c + n, madd(v128.load(c + n), factor, v128.load(b + n)));
  for (; n < bytes; n += 4) store<f32>(c + n, load<f32>(c + n) + x * load<f32>(b + n));
}

/** C = A·Bᵀ, B [columns, depth], of four columns or more. */
export function multiplyFewRows(a: usize, b: usize, c: usize, rows: i32, columns: i32, depth: i32): void {
  const row = <usize>depth << 2;
  const cRow = <usize>columns << 2;
  const here = min(TRANSPOSED, columns);
  for (let n = 0; n < columns; n += TRANSPOSED) {
    // The last columns are taken again rather than fewer of them.
    const first = min(n, columns - here);
    directScores(a, row, b + <usize>first * row, depth, c + (<usize>first << 2), cRow, rows, here);
  }
}
