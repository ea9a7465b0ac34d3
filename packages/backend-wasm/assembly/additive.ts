import { TILE_ROW } from './tile';
import { exp4, sum4 } from './vector';

/**
 * Scores of additive attention without a tanh for every query, key and unit: with E = e^2x, tanh(q + k) = 1 − 2y for
 * y = 1/(1 + E_q·E_k), and its derivative is 4(y − y²). Rows hold E where no number of a batch row is larger than
 * LARGEST_FACTORED, so that products of two are finite, and the plain numbers elsewhere.
 */
const LARGEST_FACTORED: f32 = 20;

/** Whether all of `count` numbers are small enough; NaN is not. */
export function areFactored(from: usize, count: i32): bool {
  let largest = f32x4.splat(0);
  let n = 0;
  for (; n + 4 <= count; n += 4) largest = f32x4.max(largest, f32x4.abs(v128.load(from + (<usize>n << 2))));
  let all = v128.all_true<i32>(f32x4.le(largest, f32x4.splat(LARGEST_FACTORED)));
  for (; n < count; n++) all = all && abs(load<f32>(from + (<usize>n << 2))) <= LARGEST_FACTORED;
  return all;
}

/** x to e^2x, in place. */
export function factor(at: usize, count: i32): void {
  for (let n = 0; n < count; n += 4, at += 16) {
    const x = v128.load(at);
    v128.store(at, exp4(f32x4.add(x, x)));
  }
}

// @ts-ignore: decorator
@inline
function half(q: v128, k: v128, factored: bool): v128 {
  const one = f32x4.splat(1);
  if (factored) return f32x4.div(one, f32x4.add(one, f32x4.mul(q, k)));
  const x = f32x4.add(q, k);
  return f32x4.div(one, f32x4.add(one, exp4(f32x4.add(x, x))));
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
  factored: bool,
): void {
  const row = <usize>units << 2;
  for (let r = 0; r < rows; r++, query += row, tile += TILE_ROW) {
    for (let c = 0; c < cols; c += 4) {
      const keys = key + <usize>c * row;
      if (factored) fourScores(query, keys, vector, tile + (<usize>c << 2), row, true);
      else fourScores(query, keys, vector, tile + (<usize>c << 2), row, false);
    }
  }
}

// @ts-ignore: decorator
@inline
function fourScores(q: usize, k0: usize, v: usize, to: usize, row: usize, factored: bool): void {
  const k1 = k0 + row;
  const k2 = k1 + row;
  const k3 = k2 + row;
  const one = f32x4.splat(1);
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  for (let u: usize = 0; u < row; u += 16) {
    const x = v128.load(q + u);
    const w = v128.load(v + u);
    const y0 = half(x, v128.load(k0 + u), factored);
    const y1 = half(x, v128.load(k1 + u), factored);
    const y2 = half(x, v128.load(k2 + u), factored);
    const y3 = half(x, v128.load(k3 + u), factored);
    s0 = f32x4.add(s0, f32x4.mul(w, f32x4.sub(one, f32x4.add(y0, y0))));
    s1 = f32x4.add(s1, f32x4.mul(w, f32x4.sub(one, f32x4.add(y1, y1))));
    s2 = f32x4.add(s2, f32x4.mul(w, f32x4.sub(one, f32x4.add(y2, y2))));
    s3 = f32x4.add(s3, f32x4.mul(w, f32x4.sub(one, f32x4.add(y3, y3))));
  }
  v128.store(to, f32x4(sum4(s0), sum4(s1), sum4(s2), sum4(s3)));
}

/**
 * From a tile of score gradients: dQ_iu += Σ_j dS_ij·(y − y²), dK_ju += Σ_i dS_ij·(y − y²), both still to be multiplied by
 * 4·v_u, and dV_u += Σ_ij dS_ij·(1 − 2y), float64.
 */
export function additiveGradients(
  query: usize,
  key: usize,
  dScores: usize,
  dQuery: usize,
  dKey: usize,
  dVector: usize,
  rows: i32,
  cols: i32,
  units: i32,
  factored: bool,
): void {
  const row = <usize>units << 2;
  for (let u: usize = 0; u < row; u += 16) {
    let sums = f32x4.splat(0);
    for (let r = 0; r < rows; r += 4) {
      const at = <usize>r * row + u;
      const scores = dScores + <usize>r * TILE_ROW;
      const part = factored
        ? fourRows(query + at, key + u, scores, dQuery + at, dKey + u, row, cols)
        : fourRowsOfAllowed(query + at, key + u, scores, dQuery + at, dKey + u, row, cols);
      sums = f32x4.add(sums, part);
    }
    const to = dVector + (u << 1);
    v128.store(to, f64x2.add(v128.load(to), f64x2.promote_low_f32x4(sums)));
    const upper = f64x2.promote_low_f32x4(v128.shuffle<f32>(sums, sums, 2, 3, 0, 1));
    v128.store(to, f64x2.add(v128.load(to, 16), upper), 16);
  }
}

/** Four rows of queries, four units. */
function fourRows(q: usize, k: usize, scores: usize, dq: usize, dk: usize, row: usize, cols: i32): v128 {
  const x0 = v128.load(q);
  const x1 = v128.load(q + row);
  const x2 = v128.load(q + 2 * row);
  const x3 = v128.load(q + 3 * row);
  let d0 = v128.load(dq), d1 = v128.load(dq + row), d2 = v128.load(dq + 2 * row), d3 = v128.load(dq + 3 * row);
  let sums = f32x4.splat(0);
  const one = f32x4.splat(1);
  for (let c = 0; c < cols; c++, k += row, dk += row, scores += 4) {
    const key = v128.load(k);
    const y0 = half(x0, key, true);
    const y1 = half(x1, key, true);
    const y2 = half(x2, key, true);
    const y3 = half(x3, key, true);
    const w0 = v128.load_splat<f32>(scores);
    const w1 = v128.load_splat<f32>(scores, TILE_ROW);
    const w2 = v128.load_splat<f32>(scores, 2 * TILE_ROW);
    const w3 = v128.load_splat<f32>(scores, 3 * TILE_ROW);
    const g0 = f32x4.mul(w0, f32x4.sub(y0, f32x4.mul(y0, y0)));
    const g1 = f32x4.mul(w1, f32x4.sub(y1, f32x4.mul(y1, y1)));
    const g2 = f32x4.mul(w2, f32x4.sub(y2, f32x4.mul(y2, y2)));
    const g3 = f32x4.mul(w3, f32x4.sub(y3, f32x4.mul(y3, y3)));
    d0 = f32x4.add(d0, g0);
    d1 = f32x4.add(d1, g1);
    d2 = f32x4.add(d2, g2);
    d3 = f32x4.add(d3, g3);
    v128.store(dk, f32x4.add(v128.load(dk), f32x4.add(f32x4.add(g0, g1), f32x4.add(g2, g3))));
    const t01 = f32x4.add(tanhTimes(w0, y0, one), tanhTimes(w1, y1, one));
    const t23 = f32x4.add(tanhTimes(w2, y2, one), tanhTimes(w3, y3, one));
    sums = f32x4.add(sums, f32x4.add(t01, t23));
  }
  v128.store(dq, d0), v128.store(dq + row, d1), v128.store(dq + 2 * row, d2), v128.store(dq + 3 * row, d3);
  return sums;
}

// @ts-ignore: decorator
@inline
function tanhTimes(w: v128, y: v128, one: v128): v128 {
  return f32x4.mul(w, f32x4.sub(one, f32x4.add(y, y)));
}

/** The same for numbers of any size, also for keys that aren't finite where their score has no gradient. */
function fourRowsOfAllowed(q: usize, k: usize, scores: usize, dq: usize, dk: usize, row: usize, cols: i32): v128 {
  let sums = f32x4.splat(0);
  for (let r: usize = 0; r < 4; r++, q += row, dq += row, scores += TILE_ROW) {
    const x = v128.load(q);
    let d = v128.load(dq);
    for (let c = 0; c < cols; c++) {
      const w = load<f32>(scores + (<usize>c << 2));
      if (w == 0) continue;
      const y = half(x, v128.load(k + <usize>c * row), false);
      const g = f32x4.mul(f32x4.splat(w), f32x4.sub(y, f32x4.mul(y, y)));
      const at = dk + <usize>c * row;
      d = f32x4.add(d, g);
      v128.store(at, f32x4.add(v128.load(at), g));
      sums = f32x4.add(sums, tanhTimes(f32x4.splat(w), y, f32x4.splat(1)));
    }
    v128.store(dq, d);
  }
  return sums;
}
