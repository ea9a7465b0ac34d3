import { Request } from './request';
import { TILE_ROW, paddedWidth } from './tile';
import { areSmall, exp4, madd, one, smallTanh4, sum4, sumOfEach, tanh4, tanhSlope4, two } from './vector';

/**
 * Scores of additive attention without an exponential for every query, key and unit: with E = e^2x,
 * tanh(q + k) = 1 − 2/(1 + E_q·E_k). Rows hold E where that is accurate enough, and the plain numbers elsewhere: no number of a
 * batch row is larger than LARGEST_FACTORED, and ‖v‖ isn't larger than LARGEST_VECTOR.
 */

/** The product of two such E, and 2 over it, are normal numbers. */
const LARGEST_FACTORED: f32 = 20;

/**
 * The error of a factored tanh is up to 2⁻²², as much for a small one: with a v of this length scores are off by 2⁻²⁰, and so is
 * a weight relative to itself. Trained vectors of 64 and 128 units are 3 to 4 long.
 */
const LARGEST_VECTOR: f32 = 4;

/** Whether all of `count` numbers are small enough; NaN is not. */
export function areFactored(from: usize, count: i32): bool {
  const largest = f32x4.splat(LARGEST_FACTORED);
  let small = i32x4.splat(-1);
  let n = 0;
  for (; n + 4 <= count; n += 4) {
    const x = v128.load(from + (<usize>n << 2));
    small = v128.and(small, f32x4.le(f32x4.abs(x), largest));
  }
  let all = v128.all_true<i32>(small);
  for (; n < count; n++) all = all && abs(load<f32>(from + (<usize>n << 2))) <= LARGEST_FACTORED;
  return all;
}

/** Whether the length of v is. */
export function isModerate(vector: usize, units: i32): bool {
  let square: f32 = 0;
  for (let u = 0; u < units; u++) {
    const x = load<f32>(vector + (<usize>u << 2));
    square += x * x;
  }
  return square <= LARGEST_VECTOR * LARGEST_VECTOR;
}

/** x to e^2x, in place. */
export function factor(at: usize, count: i32): void {
  for (let n = 0; n < count; n += 4, at += 16) {
    const x = v128.load(at);
    v128.store(at, exp4(f32x4.add(x, x)));
  }
}

/** tanh(q + k), of E_q and E_k or of plain numbers. */
// @ts-ignore: decorator
@inline
function tangent(q: v128, k: v128, isFactored: bool): v128 {
  return isFactored ? f32x4.sub(one, f32x4.div(two, madd(one, q, k))) : tanh4(f32x4.add(q, k));
}

/** Σ_u v_u·tanh(q_iu + k_ju) for a tile. Rows are `units` long, a multiple of 4; columns up to a multiple of 4 exist. */
export function additiveScores(
  query: usize,
  key: usize,
  vector: usize,
  tile: usize,
  rows: i32,
  cols: i32,
  units: i32,
  isFactored: bool,
): void {
  const row = <usize>units << 2;
  for (let r = 0; r < rows; r++, query += row, tile += TILE_ROW) {
    for (let c = 0; c < cols; c += 4) {
      const keys = key + <usize>c * row;
      if (isFactored) fourScores(query, keys, vector, tile + (<usize>c << 2), row, true);
      else fourScores(query, keys, vector, tile + (<usize>c << 2), row, false);
    }
  }
}

// @ts-ignore: decorator
@inline
function fourScores(q: usize, k0: usize, v: usize, to: usize, row: usize, isFactored: bool): void {
  const k1 = k0 + row;
  const k2 = k1 + row;
  const k3 = k2 + row;
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  for (let u: usize = 0; u < row; u += 16) {
    const x = v128.load(q + u);
    const w = v128.load(v + u);
    s0 = madd(s0, w, tangent(x, v128.load(k0 + u), isFactored));
    s1 = madd(s1, w, tangent(x, v128.load(k1 + u), isFactored));
    s2 = madd(s2, w, tangent(x, v128.load(k2 + u), isFactored));
    s3 = madd(s3, w, tangent(x, v128.load(k3 + u), isFactored));
  }
  v128.store(to, sumOfEach(s0, s1, s2, s3));
}

/**
 * From a tile of score gradients, with t = tanh(q_iu + k_ju): dQ_iu += Σ_j dS_ij·(1 − t²),
 * dK_ju += Σ_i dS_ij·(1 − t²), both still to be multiplied by v_u, and dV_u += Σ_ij dS_ij·t, float64.
 *
 * @param row0  the number of the tile's first query in [B·Tq], and `key0` that of its first key in [B·Tk]
 * @param query rows as for `additiveScores`, and `key` likewise
 */
export function additiveGradients(
  p: Request,
  row0: usize,
  key0: usize,
  query: usize,
  key: usize,
  isFactored: bool,
  dScores: usize,
  dQuery: usize,
  dKey: usize,
  dVector: usize,
  rows: i32,
  cols: i32,
): void {
  const row = <usize>paddedWidth(p) << 2;
  const least = f32x4.splat(SMALLEST_SHARE * (isFactored ? sizeOf(dScores, rows, cols) : 0));
  for (let u: usize = 0; u < row; u += 16) {
    let sums = f32x4.splat(0);
    sizes = sums;
    for (let r = 0; r < rows; r += 4) {
      const at = <usize>r * row + u;
      const scores = dScores + <usize>r * TILE_ROW;
      const part = !isFactored
        ? rowsOfAllowed(query + at, key + u, scores, dQuery + at, dKey + u, row, min(4, rows - r), cols)
        : rows - r > 1
          ? fourRows(query + at, key + u, scores, dQuery + at, dKey + u, row, cols)
          : oneRow(query + at, key + u, scores, dQuery + at, dKey + u, row, cols);
      sums = f32x4.add(sums, part);
    }
    const padding = 0xf << max(0, p.width - <i32>(u >> 2));
    if (i32x4.bitmask(f32x4.lt(sizes, least)) & ~padding) sums = tangentSums(p, row0, key0, <i32>(u >> 2), dScores, rows, cols);
    const to = dVector + (u << 1);
    v128.store(to, f64x2.add(v128.load(to), f64x2.promote_low_f32x4(sums)));
    const upper = f64x2.promote_low_f32x4(v128.shuffle<f32>(sums, sums, 2, 3, 0, 1));
    v128.store(to, f64x2.add(v128.load(to, 16), upper), 16);
  }
}

/** Where Σ|dS·t| is a smaller share of Σ|dS|, the error of a factored t shows in Σ dS·t, which then is found from t itself. */
const SMALLEST_SHARE: f32 = 1.0 / 16;

/** A part of Σ|dS·t| of each unit: that of sums of four queries, which mostly don't cancel. */
let sizes: v128 = f32x4.splat(0);

/** Σ|dS| of a tile, which is 0 beyond its columns. */
function sizeOf(dScores: usize, rows: i32, cols: i32): f32 {
  let sum = f32x4.splat(0);
  for (let r = 0; r < rows; r++) {
    const row = dScores + <usize>r * TILE_ROW;
    for (let c: usize = 0; c < <usize>cols << 2; c += 16) sum = f32x4.add(sum, f32x4.abs(v128.load(row + c)));
  }
  return sum4(sum);
}

/** Σ dS·tanh(q_u + k_u) of four units, from the numbers themselves. */
function tangentSums(p: Request, row0: usize, key0: usize, u: i32, dScores: usize, rows: i32, cols: i32): v128 {
  const count = min(4, p.width - u);
  let sums = f32x4.splat(0);
  for (let r = 0; r < rows; r++) {
    const i = min(row0 + <usize>r, <usize>p.batch * <usize>p.queries - 1); // gradients of rows of padding are 0
    const x = loadUnits(p.query + ((i * <usize>p.width + u) << 2), count);
    for (let c = 0; c < cols; c++) {
      const gradient = load<f32>(dScores + <usize>r * TILE_ROW + (<usize>c << 2));
      if (gradient == 0) continue;
      const k = loadUnits(p.key + (((key0 + <usize>c) * <usize>p.width + u) << 2), count);
      const sum = f32x4.add(x, k);
      sums = madd(sums, f32x4.splat(gradient), areSmall(sum) ? smallTanh4(sum) : tanh4(sum));
    }
  }
  return sums;
}

/** The numbers that there are, and 0. */
// @ts-ignore: decorator
@inline
function loadUnits(at: usize, count: i32): v128 {
  if (count == 4) return v128.load(at);
  let x = v128.load32_zero(at);
  if (count > 1) x = f32x4.replace_lane(x, 1, load<f32>(at, 4));
  if (count > 2) x = f32x4.replace_lane(x, 2, load<f32>(at, 8));
  return x;
}

/** Four rows of queries, four units. 1 − t² is y·(y·E) for y = 1 − t = 2/(1 + E), which is exact where t is near ±1 too. */
function fourRows(q: usize, k: usize, scores: usize, dq: usize, dk: usize, row: usize, cols: i32): v128 {
  const x0 = v128.load(q);
  const x1 = v128.load(q + row);
  const x2 = v128.load(q + 2 * row);
  const x3 = v128.load(q + 3 * row);
  let d0 = v128.load(dq), d1 = v128.load(dq + row), d2 = v128.load(dq + 2 * row), d3 = v128.load(dq + 3 * row);
  let sums = f32x4.splat(0);
  let size = sums;
  for (let c = 0; c < cols; c++, k += row, dk += row, scores += 4) {
    const key = v128.load(k);
    const e0 = f32x4.mul(x0, key);
    const y0 = f32x4.div(two, f32x4.add(one, e0));
    const w0 = v128.load_splat<f32>(scores);
    const g0 = f32x4.mul(f32x4.mul(w0, y0), f32x4.mul(y0, e0));
    const e1 = f32x4.mul(x1, key);
    const y1 = f32x4.div(two, f32x4.add(one, e1));
    const w1 = v128.load_splat<f32>(scores, TILE_ROW);
    const g1 = f32x4.mul(f32x4.mul(w1, y1), f32x4.mul(y1, e1));
    const e2 = f32x4.mul(x2, key);
    const y2 = f32x4.div(two, f32x4.add(one, e2));
    const w2 = v128.load_splat<f32>(scores, 2 * TILE_ROW);
    const g2 = f32x4.mul(f32x4.mul(w2, y2), f32x4.mul(y2, e2));
    const e3 = f32x4.mul(x3, key);
    const y3 = f32x4.div(two, f32x4.add(one, e3));
    const w3 = v128.load_splat<f32>(scores, 3 * TILE_ROW);
    const g3 = f32x4.mul(f32x4.mul(w3, y3), f32x4.mul(y3, e3));
    let sum = f32x4.mul(w0, f32x4.sub(one, y0));
    sum = madd(madd(madd(sum, w1, f32x4.sub(one, y1)), w2, f32x4.sub(one, y2)), w3, f32x4.sub(one, y3));
    sums = f32x4.add(sums, sum);
    size = f32x4.add(size, f32x4.abs(sum));
    d0 = f32x4.add(d0, g0);
    d1 = f32x4.add(d1, g1);
    d2 = f32x4.add(d2, g2);
    d3 = f32x4.add(d3, g3);
    v128.store(dk, f32x4.add(v128.load(dk), f32x4.add(f32x4.add(g0, g1), f32x4.add(g2, g3))));
  }
  v128.store(dq, d0), v128.store(dq + row, d1), v128.store(dq + 2 * row, d2), v128.store(dq + 3 * row, d3);
  sizes = f32x4.add(sizes, size);
  return sums;
}

/** The same of a single row, to the same bits: three of four would be padding. */
function oneRow(q: usize, k: usize, scores: usize, dq: usize, dk: usize, row: usize, cols: i32): v128 {
  const x = v128.load(q);
  let d = v128.load(dq);
  let sums = f32x4.splat(0);
  let size = sums;
  for (let c = 0; c < cols; c++, k += row, dk += row, scores += 4) {
    const e = f32x4.mul(x, v128.load(k));
    const y = f32x4.div(two, f32x4.add(one, e));
    const w = v128.load_splat<f32>(scores);
    const g = f32x4.mul(f32x4.mul(w, y), f32x4.mul(y, e));
    const sum = f32x4.mul(w, f32x4.sub(one, y));
    sums = f32x4.add(sums, sum);
    size = f32x4.add(size, f32x4.abs(sum));
    d = f32x4.add(d, g);
    v128.store(dk, f32x4.add(v128.load(dk), g));
  }
  v128.store(dq, d);
  sizes = f32x4.add(sizes, size);
  return sums;
}

/** The same for numbers of any size, also for keys that aren't finite where their score has no gradient. */
function rowsOfAllowed(q: usize, k: usize, scores: usize, dq: usize, dk: usize, row: usize, rows: i32, cols: i32): v128 {
  let sums = f32x4.splat(0);
  for (let r = 0; r < rows; r++, q += row, dq += row, scores += TILE_ROW) {
    const x = v128.load(q);
    let d = v128.load(dq);
    for (let c = 0; c < cols; c++) {
      const gradient = load<f32>(scores + (<usize>c << 2));
      if (gradient == 0) continue;
      const w = f32x4.splat(gradient);
      const sum = f32x4.add(x, v128.load(k + <usize>c * row));
      const g = f32x4.mul(w, tanhSlope4(sum));
      const at = dk + <usize>c * row;
      d = f32x4.add(d, g);
      v128.store(at, f32x4.add(v128.load(at), g));
      sums = madd(sums, w, tanh4(sum));
    }
    v128.store(dq, d);
  }
  return sums;
}
