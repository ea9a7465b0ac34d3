import { madd } from './vector';

/**
 * Products of few rows, such as those of a decoder's step: bringing B into panels would cost more than it saves, so it is read once, where it
 * is. Each number is summed in the order of `product`, so that a row comes out to the same bits whether it is alone or among many.
 */

/** Rows up to which that pays whatever there is of columns, and up to which it pays where all sums are in the cache. */
const ALWAYS_FEW: i32 = 4;
const FEW_ROWS: i32 = 16;
/** Sums that the cache holds beside the rows of B which are added to them: 48 KiB, as where they are read from hardly matters. */
const SUMS: i32 = 12288;
/** Columns of Bᵀ at a time: two vectors, whose sums don't wait for each other. */
export const TRANSPOSED: i32 = 8;
/** Rows up to which Bᵀ is read in place. */
export const TRANSPOSED_ROWS: i32 = 2;

/** Whether a product of so many rows is done without panels. */
export function areFew(rows: i32, columns: i32): bool {
  return rows <= ALWAYS_FEW || (rows <= FEW_ROWS && rows * columns <= SUMS);
}

/**
 * C += A·B, B [depth, columns].
 *
 * Few rows are bound by memory, which comes fastest in one stream: the first two rows take B in order, a whole row at a time, and so bring
 * it into the cache. From there the others take four rows of it at a time, for fewer loads and stores of the same sums.
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
  const strips = (rows * columns + SUMS - 1) / SUMS;
  const strip = ((columns + strips - 1) / strips + 15) & ~15;
  for (let n = 0; n < columns; n += strip) {
    const bytes = <usize>min(strip, columns - n) << 2;
    const to = c + (<usize>n << 2);
    let from = b + (<usize>n << 2);
    for (let k = 0; k < depth; k += 4, from += 4 * row) {
      const at = a + <usize>k * aColumn;
      const left = depth - k;
      const inOrder = left < 4 ? rows : min(2, rows);
      for (let i = 0; i < min(4, left); i++) addInOrder(at + <usize>i * aColumn, aRow, from + <usize>i * row, to, row, inOrder, bytes);
      let r = inOrder;
      for (; r + 2 <= rows; r += 2) addFourToTwo(at + <usize>r * aRow, aRow, aColumn, from, to + <usize>r * row, row, bytes);
      if (r < rows) addFourToOne(at + <usize>r * aRow, aColumn, from, to + <usize>r * row, row, bytes);
    }
  }
}

/** One row of B, times a number of each row of A, two of which share what is loaded of it. */
function addInOrder(a: usize, aRow: usize, b: usize, c: usize, row: usize, rows: i32, bytes: usize): void {
  let r = 0;
  for (; r + 2 <= rows; r += 2, a += 2 * aRow, c += 2 * row) addOneToTwo(a, aRow, b, c, c + row, bytes);
  if (r < rows) addOneToOne(a, b, c, bytes);
}

function addOneToTwo(a: usize, aRow: usize, b: usize, c: usize, d: usize, bytes: usize): void {
  const x = v128.load_splat<f32>(a), y = v128.load_splat<f32>(a + aRow);
  let n: usize = 0;
  for (; n + 32 <= bytes; n += 32) {
    const p = v128.load(b + n), q = v128.load(b + n, 16);
    v128.store(c + n, madd(v128.load(c + n), x, p));
    v128.store(c + n, madd(v128.load(c + n, 16), x, q), 16);
    v128.store(d + n, madd(v128.load(d + n), y, p));
    v128.store(d + n, madd(v128.load(d + n, 16), y, q), 16);
  }
  for (; n < bytes; n += 4) {
    const p = v128.load32_zero(b + n);
    v128.store32_lane(c + n, madd(v128.load32_zero(c + n), x, p), 0);
    v128.store32_lane(d + n, madd(v128.load32_zero(d + n), y, p), 0);
  }
}

export function addOneToOne(a: usize, b: usize, c: usize, bytes: usize): void {
  const x = v128.load_splat<f32>(a);
  let n: usize = 0;
  for (; n + 64 <= bytes; n += 64) {
    v128.store(c + n, madd(v128.load(c + n), x, v128.load(b + n)));
    v128.store(c + n, madd(v128.load(c + n, 16), x, v128.load(b + n, 16)), 16);
    v128.store(c + n, madd(v128.load(c + n, 32), x, v128.load(b + n, 32)), 32);
    v128.store(c + n, madd(v128.load(c + n, 48), x, v128.load(b + n, 48)), 48);
  }
  for (; n < bytes; n += 4) v128.store32_lane(c + n, madd(v128.load32_zero(c + n), x, v128.load32_zero(b + n)), 0);
}

/** Four rows of B, each times its numbers of two rows of A, in one pass over two rows of C. */
function addFourToTwo(a: usize, aRow: usize, aColumn: usize, b0: usize, c: usize, row: usize, bytes: usize): void {
  const e = a + aRow;
  const x0 = v128.load_splat<f32>(a), y0 = v128.load_splat<f32>(e);
  const x1 = v128.load_splat<f32>(a + aColumn), y1 = v128.load_splat<f32>(e + aColumn);
  const x2 = v128.load_splat<f32>(a + 2 * aColumn), y2 = v128.load_splat<f32>(e + 2 * aColumn);
  const x3 = v128.load_splat<f32>(a + 3 * aColumn), y3 = v128.load_splat<f32>(e + 3 * aColumn);
  const b1 = b0 + row, b2 = b1 + row, b3 = b2 + row, d = c + row;
  let n: usize = 0;
  for (; n + 16 <= bytes; n += 16) {
    let s = v128.load(c + n), t = v128.load(d + n);
    let p = v128.load(b0 + n);
    s = madd(s, x0, p), t = madd(t, y0, p);
    p = v128.load(b1 + n);
    s = madd(s, x1, p), t = madd(t, y1, p);
    p = v128.load(b2 + n);
    s = madd(s, x2, p), t = madd(t, y2, p);
    p = v128.load(b3 + n);
    s = madd(s, x3, p), t = madd(t, y3, p);
    v128.store(c + n, s), v128.store(d + n, t);
  }
  for (; n < bytes; n += 4) {
    let s = v128.load32_zero(c + n), t = v128.load32_zero(d + n);
    let p = v128.load32_zero(b0 + n);
    s = madd(s, x0, p), t = madd(t, y0, p);
    p = v128.load32_zero(b1 + n);
    s = madd(s, x1, p), t = madd(t, y1, p);
    p = v128.load32_zero(b2 + n);
    s = madd(s, x2, p), t = madd(t, y2, p);
    p = v128.load32_zero(b3 + n);
    s = madd(s, x3, p), t = madd(t, y3, p);
    v128.store32_lane(c + n, s, 0), v128.store32_lane(d + n, t, 0);
  }
}

function addFourToOne(a: usize, aColumn: usize, b0: usize, c: usize, row: usize, bytes: usize): void {
  const x0 = v128.load_splat<f32>(a), x1 = v128.load_splat<f32>(a + aColumn);
  const x2 = v128.load_splat<f32>(a + 2 * aColumn), x3 = v128.load_splat<f32>(a + 3 * aColumn);
  const b1 = b0 + row, b2 = b1 + row, b3 = b2 + row;
  let n: usize = 0;
  for (; n + 32 <= bytes; n += 32) {
    let s = v128.load(c + n), t = v128.load(c + n, 16);
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

/**
 * C = A·Bᵀ of one row or two, B [columns, depth], of at least as many columns as are taken at a time: for more, turning B costs more than panels. The
 * columns are far from each other, each the next of its part of B: memory brings eight streams that go on and on faster than eight rows that end soon.
 */
export function multiplyTransposed(a: usize, b: usize, c: usize, rows: i32, columns: i32, depth: i32): void {
  const part = columns / TRANSPOSED;
  for (let n = 0; n < part; n++) takeColumns(a, b, c, rows, columns, depth, n, part);
  // The last columns are taken again rather than fewer of them.
  if (part * TRANSPOSED < columns) takeColumns(a, b, c, rows, columns, depth, columns - TRANSPOSED, 1);
}

/** Column `first` of C, and seven more that are so far from each other. */
function takeColumns(a: usize, b: usize, c: usize, rows: i32, columns: i32, depth: i32, first: i32, apart: i32): void {
  const row = <usize>depth << 2, far = <usize>apart * row, step = <usize>apart << 2;
  const from = b + <usize>first * row, to = c + (<usize>first << 2);
  if (rows == 2) twoRows(a, from, far, row, to, <usize>columns << 2, step);
  else oneRow(a, from, far, row, to, step);
}

/** Two rows of A times eight rows of B, of so many bytes: four numbers of each of these are turned into four vectors of the eight columns. */
function twoRows(a: usize, b0: usize, far: usize, row: usize, c: usize, line: usize, step: usize): void {
  const b1 = b0 + far, b2 = b1 + far, b3 = b2 + far, b4 = b3 + far, b5 = b4 + far, b6 = b5 + far, b7 = b6 + far;
  const e = a + row;
  let s = f32x4.splat(0), t = s, u = s, v = s;
  let k: usize = 0;
  for (; k + 16 <= row; k += 16) {
    let x = v128.load(b0 + k), y = v128.load(b1 + k), z = v128.load(b2 + k), w = v128.load(b3 + k);
    let p = v128.shuffle<f32>(x, y, 0, 4, 1, 5), q = v128.shuffle<f32>(z, w, 0, 4, 1, 5);
    const s23 = v128.shuffle<f32>(x, y, 2, 6, 3, 7), s67 = v128.shuffle<f32>(z, w, 2, 6, 3, 7);
    x = v128.load(b4 + k), y = v128.load(b5 + k), z = v128.load(b6 + k), w = v128.load(b7 + k);
    let g = v128.shuffle<f32>(x, y, 0, 4, 1, 5), h = v128.shuffle<f32>(z, w, 0, 4, 1, 5);
    const t23 = v128.shuffle<f32>(x, y, 2, 6, 3, 7), t67 = v128.shuffle<f32>(z, w, 2, 6, 3, 7);
    let f = v128.load_splat<f32>(a + k), d = v128.load_splat<f32>(e + k);
    x = v128.shuffle<f64>(p, q, 0, 2), y = v128.shuffle<f64>(g, h, 0, 2);
    s = madd(s, f, x), t = madd(t, f, y), u = madd(u, d, x), v = madd(v, d, y);
    f = v128.load_splat<f32>(a + k, 4), d = v128.load_splat<f32>(e + k, 4);
    x = v128.shuffle<f64>(p, q, 1, 3), y = v128.shuffle<f64>(g, h, 1, 3);
    s = madd(s, f, x), t = madd(t, f, y), u = madd(u, d, x), v = madd(v, d, y);
    f = v128.load_splat<f32>(a + k, 8), d = v128.load_splat<f32>(e + k, 8);
    x = v128.shuffle<f64>(s23, s67, 0, 2), y = v128.shuffle<f64>(t23, t67, 0, 2);
    s = madd(s, f, x), t = madd(t, f, y), u = madd(u, d, x), v = madd(v, d, y);
    f = v128.load_splat<f32>(a + k, 12), d = v128.load_splat<f32>(e + k, 12);
    x = v128.shuffle<f64>(s23, s67, 1, 3), y = v128.shuffle<f64>(t23, t67, 1, 3);
    s = madd(s, f, x), t = madd(t, f, y), u = madd(u, d, x), v = madd(v, d, y);
  }
  for (; k < row; k += 4) {
    const x = f32x4(load<f32>(b0 + k), load<f32>(b1 + k), load<f32>(b2 + k), load<f32>(b3 + k));
    const y = f32x4(load<f32>(b4 + k), load<f32>(b5 + k), load<f32>(b6 + k), load<f32>(b7 + k));
    const f = v128.load_splat<f32>(a + k), d = v128.load_splat<f32>(e + k);
    s = madd(s, f, x), t = madd(t, f, y), u = madd(u, d, x), v = madd(v, d, y);
  }
  storeApart(c, step, s), storeApart(c + 4 * step, step, t);
  c += line;
  storeApart(c, step, u), storeApart(c + 4 * step, step, v);
}

/** The same of one row of A. */
function oneRow(a: usize, b0: usize, far: usize, row: usize, c: usize, step: usize): void {
  const b1 = b0 + far, b2 = b1 + far, b3 = b2 + far, b4 = b3 + far, b5 = b4 + far, b6 = b5 + far, b7 = b6 + far;
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
  storeApart(c, step, s), storeApart(c + 4 * step, step, t);
}

function storeApart(c: usize, step: usize, x: v128): void {
  v128.store32_lane(c, x, 0);
  v128.store32_lane(c + step, x, 1);
  v128.store32_lane(c + 2 * step, x, 2);
  v128.store32_lane(c + 3 * step, x, 3);
}
