import { madd } from './vector';

/**
 * Small matrix products, the inner loop of everything: C[rows, 8·panels] (+)= A[rows, depth]·B.
 *
 * A comes in panels of 12 rows, [depth][12], and B in panels of 8 columns, [depth][8], so that both are read in order, from one
 * address each. Without a fused multiply–add, a tile of C is 4 rows × 8 columns: 8 accumulators, two vectors of B, one of A and a product fit
 * the 16 vector registers of x86-64. With it there is no product to keep, and 6 rows fit: fewer loads for the same sums. The
 * loop is not unrolled: V8 then moves loads ahead of their use, and spills for them what unrolling would save.
 */

/** Rows of a panel of A: a multiple of both heights of tiles. */
export const HEIGHT: i32 = 12;
/** Bytes between the columns of a panel of A: 12 floats; and between the rows of one of B: 8 floats. */
export const A_STEP: usize = 48;
export const STEP: usize = 32;

/** Bytes of a panel of A of so many columns. */
// @ts-ignore: decorator
@inline
export function leftPanel(depth: i32): usize {
  return <usize>depth * A_STEP;
}

/**
 * Bytes of a panel of B of so many rows: an odd number of cache lines, so that a row of B, of which each panel gets a part, isn't written to
 * the same few places of the cache.
 */
// @ts-ignore: decorator
@inline
export function rightPanel(depth: i32): usize {
  return (((<usize>depth << 5) + 63) & ~63) | 64;
}

/** Whether there are tiles of 6 rows: for who compiles this loop so that their sums stay in registers, which src/tall-tiles.ts tells. */
let tallTiles: bool = false;

export function setTallTiles(areTall: bool): void {
  tallTiles = areTall;
}

/**
 * @param a        number (row, k) of A is at a + ⌊row/12⌋·aPanel + k·aStep + (row mod 12)·4
 * @param b        the first panel
 * @param bPanel   bytes between panels
 * @param cRow     bytes between rows of C
 * @param rows     a multiple of 4: rows of A and C are padded
 * @param add      whether C is added to
 */
export function product(
  a: usize,
  aPanel: usize,
  aStep: usize,
  b: usize,
  bPanel: usize,
  c: usize,
  cRow: usize,
  rows: i32,
  panels: i32,
  depth: i32,
  add: bool,
): void {
  // Whole panels by tiles of 6 rows, and what is left of a multiple of 4.
  const tall = ASC_FEATURE_RELAXED_SIMD && tallTiles ? rows - (rows % HEIGHT) : 0;
  // Panels of B outside: one stays in the first-level cache while all rows go past it.
  for (let panel = 0; panel < panels; panel++, b += bPanel, c += STEP) {
    let row = 0;
    for (; row < tall; row += 6) {
      tile6(a + <usize>(row / HEIGHT) * aPanel + (<usize>(row % HEIGHT) << 2), aStep, b, c + <usize>row * cRow, cRow, depth, add);
    }
    for (; row < rows; row += 4) {
      tile4(a + <usize>(row / HEIGHT) * aPanel + (<usize>(row % HEIGHT) << 2), aStep, b, c + <usize>row * cRow, cRow, depth, add);
    }
  }
}

function tile4(a: usize, aStep: usize, b: usize, c: usize, cRow: usize, depth: i32, add: bool): void {
  const c1 = c + cRow;
  const c2 = c1 + cRow;
  const c3 = c2 + cRow;
  let s00 = f32x4.splat(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
  if (add) {
    s00 = v128.load(c), s01 = v128.load(c, 16);
    s10 = v128.load(c1), s11 = v128.load(c1, 16);
    s20 = v128.load(c2), s21 = v128.load(c2, 16);
    s30 = v128.load(c3), s31 = v128.load(c3, 16);
  }
  const end = b + (<usize>depth << 5);
  while (b < end) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = v128.load_splat<f32>(a);
    s00 = madd(s00, x, b0), s01 = madd(s01, x, b1);
    x = v128.load_splat<f32>(a, 4);
    s10 = madd(s10, x, b0), s11 = madd(s11, x, b1);
    x = v128.load_splat<f32>(a, 8);
    s20 = madd(s20, x, b0), s21 = madd(s21, x, b1);
    x = v128.load_splat<f32>(a, 12);
    s30 = madd(s30, x, b0), s31 = madd(s31, x, b1);
    b += STEP;
    a += aStep;
  }
  v128.store(c, s00), v128.store(c, s01, 16);
  v128.store(c1, s10), v128.store(c1, s11, 16);
  v128.store(c2, s20), v128.store(c2, s21, 16);
  v128.store(c3, s30), v128.store(c3, s31, 16);
}

function tile6(a: usize, aStep: usize, b: usize, c: usize, cRow: usize, depth: i32, add: bool): void {
  const c1 = c + cRow;
  const c2 = c1 + cRow;
  const c3 = c2 + cRow;
  const c4 = c3 + cRow;
  const c5 = c4 + cRow;
  let s00 = f32x4.splat(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00, s40 = s00, s41 = s00, s50 = s00, s51 = s00;
  if (add) {
    s00 = v128.load(c), s01 = v128.load(c, 16);
    s10 = v128.load(c1), s11 = v128.load(c1, 16);
    s20 = v128.load(c2), s21 = v128.load(c2, 16);
    s30 = v128.load(c3), s31 = v128.load(c3, 16);
    s40 = v128.load(c4), s41 = v128.load(c4, 16);
    s50 = v128.load(c5), s51 = v128.load(c5, 16);
  }
  const end = b + (<usize>depth << 5);
  while (b < end) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = v128.load_splat<f32>(a);
    s00 = madd(s00, x, b0), s01 = madd(s01, x, b1);
    x = v128.load_splat<f32>(a, 4);
    s10 = madd(s10, x, b0), s11 = madd(s11, x, b1);
    x = v128.load_splat<f32>(a, 8);
    s20 = madd(s20, x, b0), s21 = madd(s21, x, b1);
    x = v128.load_splat<f32>(a, 12);
    s30 = madd(s30, x, b0), s31 = madd(s31, x, b1);
    x = v128.load_splat<f32>(a, 16);
    s40 = madd(s40, x, b0), s41 = madd(s41, x, b1);
    x = v128.load_splat<f32>(a, 20);
    s50 = madd(s50, x, b0), s51 = madd(s51, x, b1);
    b += STEP;
    a += aStep;
  }
  v128.store(c, s00), v128.store(c, s01, 16);
  v128.store(c1, s10), v128.store(c1, s11, 16);
  v128.store(c2, s20), v128.store(c2, s21, 16);
  v128.store(c3, s30), v128.store(c3, s31, 16);
  v128.store(c4, s40), v128.store(c4, s41, 16);
  v128.store(c5, s50), v128.store(c5, s51, 16);
}

/**
 * The same sum without what has the factor 0, for operands that hold NaN or ∞ at positions that a mask hides.
 *
 * @param a       number (row, k) of A is at a + row·aRow + k·aColumn
 * @param b       panels as above, of which `width` columns count
 */
export function productOfAllowed(
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bPanel: usize,
  c: usize,
  cRow: usize,
  rows: i32,
  width: i32,
  depth: i32,
): void {
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < depth; k++) {
      const x = load<f32>(a + <usize>row * aRow + <usize>k * aColumn);
      if (x == 0) continue;
      for (let n = 0; n < width; n++) {
        const at = c + <usize>row * cRow + (<usize>n << 2);
        const y = load<f32>(b + <usize>(n >> 3) * bPanel + <usize>k * STEP + (<usize>(n & 7) << 2));
        store<f32>(at, load<f32>(at) + x * y);
      }
    }
  }
}
