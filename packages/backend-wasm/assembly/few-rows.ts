import { madd } from './vector';

/**
 * Products of few rows, such as those of a decoder's step: bringing B into panels would cost more than it saves, so it is read once, in
 * order, where it is. What is computed is bound by memory. Each number is summed in the order of `product`, so that a row comes out to the
 * same bits whether it is alone or among many.
 */

/** Rows up to which that pays. */
export const FEW_ROWS: i32 = 4;

/** Columns that are added to at a time: 4 rows of them, and 4 of B, are half of the first-level cache. */
const COLUMNS: i32 = 512;
/** Columns of Bᵀ at a time: two vectors, whose sums don't wait for each other. */
export const TRANSPOSED: i32 = 8;

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
    let s = v128.load32_zero(c + n);
    s = madd(s, x0, v128.load32_zero(b0 + n));
    s = madd(s, x1, v128.load32_zero(b1 + n));
    s = madd(s, x2, v128.load32_zero(b2 + n));
    s = madd(s, x3, v128.load32_zero(b3 + n));
    v128.store32_lane(c + n, s, 0);
  }
}

function addRow(x: f32, b: usize, c: usize, bytes: usize): void {
  const factor = f32x4.splat(x);
  let n: usize = 0;
  for (; n + 16 <= bytes; n += 16) v128.store(c + n, madd(v128.load(c + n), factor, v128.load(b + n)));
  for (; n < bytes; n += 4) {
    v128.store32_lane(c + n, madd(v128.load32_zero(c + n), factor, v128.load32_zero(b + n)), 0);
  }
}

/** C = A·Bᵀ of one row, B [columns, depth], of at least as many columns as are taken at a time. Turning B pays for no second row. */
export function multiplyOneRow(a: usize, b: usize, c: usize, columns: i32, depth: i32): void {
  const row = <usize>depth << 2;
  for (let n = 0; n < columns; n += TRANSPOSED) {
    // The last columns are taken again rather than fewer of them.
    const first = min(n, columns - TRANSPOSED);
    multiplyColumns(a, b + <usize>first * row, row, c + (<usize>first << 2));
  }
}

/** A times eight rows of B, of so many bytes: four numbers of each are turned into four vectors of the eight columns. */
function multiplyColumns(a: usize, b0: usize, row: usize, c: usize): void {
  const b1 = b0 + row, b2 = b1 + row, b3 = b2 + row, b4 = b3 + row, b5 = b4 + row, b6 = b5 + row, b7 = b6 + row;
  let s = f32x4.splat(0), t = s;
  let k: usize = 0;
  for (; k + 16 <= row; k += 16) {
    let x = v128.load(b0 + k), y = v128.load(b1 + k), z = v128.load(b2 + k), w = v128.load(b3 + k);
    const s01 = v128.shuffle<f32>(x, y, 0, 4, 1, 5), s23 = v128.shuffle<f32>(x, y, 2, 6, 3, 7);
    const s45 = v128.shuffle<f32>(z, w, 0, 4, 1, 5), s67 = v128.shuffle<f32>(z, w, 2, 6, 3, 7);
    x = v128.load(b4 + k), y = v128.load(b5 + k), z = v128.load(b6 + k), w = v128.load(b7 + k);
    const t01 = v128.shuffle<f32>(x, y, 0, 4, 1, 5), t23 = v128.shuffle<f32>(x, y, 2, 6, 3, 7);
    const t45 = v128.shuffle<f32>(z, w, 0, 4, 1, 5), t67 = v128.shuffle<f32>(z, w, 2, 6, 3, 7);
    let factor = v128.load_splat<f32>(a + k);
    s = madd(s, factor, v128.shuffle<f64>(s01, s45, 0, 2)), t = madd(t, factor, v128.shuffle<f64>(t01, t45, 0, 2));
    factor = v128.load_splat<f32>(a + k, 4);
    s = madd(s, factor, v128.shuffle<f64>(s01, s45, 1, 3)), t = madd(t, factor, v128.shuffle<f64>(t01, t45, 1, 3));
    factor = v128.load_splat<f32>(a + k, 8);
    s = madd(s, factor, v128.shuffle<f64>(s23, s67, 0, 2)), t = madd(t, factor, v128.shuffle<f64>(t23, t67, 0, 2));
    factor = v128.load_splat<f32>(a + k, 12);
    s = madd(s, factor, v128.shuffle<f64>(s23, s67, 1, 3)), t = madd(t, factor, v128.shuffle<f64>(t23, t67, 1, 3));
  }
  for (; k < row; k += 4) {
    const factor = v128.load_splat<f32>(a + k);
    s = madd(s, factor, f32x4(load<f32>(b0 + k), load<f32>(b1 + k), load<f32>(b2 + k), load<f32>(b3 + k)));
    t = madd(t, factor, f32x4(load<f32>(b4 + k), load<f32>(b5 + k), load<f32>(b6 + k), load<f32>(b7 + k)));
  }
  v128.store(c, s), v128.store(c, t, 16);
}
