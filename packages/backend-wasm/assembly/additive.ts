import { TILE_ROW } from './tile';
import { exp4, madd, one, sumOfEach, two } from './vector';

/**
 * Scores of additive attention without an exponential for every query, key and unit: with E = e^2x,
 * tanh(q + k) = 1 − 2/(1 + E_q·E_k). Rows hold E where no number of a batch row is larger than LARGEST_FACTORED, and the plain
 * numbers elsewhere.
 */

/** The product of two such E, and 2 over it, are normal numbers. */
const LARGEST_FACTORED: f32 = 20;

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

/** x to e^2x, in place. */
export function factor(at: usize, count: i32): void {
  for (let n = 0; n < count; n += 4, at += 16) {
    const x = v128.load(at);
    v128.store(at, exp4(f32x4.add(x, x)));
  }
}

/** 1 − tanh(q + k), of E_q and E_k or of plain numbers. */
// @ts-ignore: decorator
@inline
function rest(q: v128, k: v128, factored: bool): v128 {
  if (factored) return f32x4.div(two, madd(one, q, k));
  const x = f32x4.add(q, k);
  return f32x4.div(two, f32x4.add(one, exp4(f32x4.add(x, x))));
}

/** w·(1 − t²) = wy·(1 + t), for y = 1 − t: unlike 1 − t², exact where t is near 1. */
// @ts-ignore: decorator
@inline
function slope(wy: v128, t: v128): v128 {
  return madd(wy, wy, t);
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
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  for (let u: usize = 0; u < row; u += 16) {
    const x = v128.load(q + u);
    const w = v128.load(v + u);
    s0 = madd(s0, w, f32x4.sub(one, rest(x, v128.load(k0 + u), factored)));
    s1 = madd(s1, w, f32x4.sub(one, rest(x, v128.load(k1 + u), factored)));
    s2 = madd(s2, w, f32x4.sub(one, rest(x, v128.load(k2 + u), factored)));
    s3 = madd(s3, w, f32x4.sub(one, rest(x, v128.load(k3 + u), factored)));
  }
  v128.store(to, sumOfEach(s0, s1, s2, s3));
}

/**
 * From a tile of score gradients, with t = tanh(q_iu + k_ju): dQ_iu += Σ_j dS_ij·(1 − t²), dK_ju += Σ_i dS_ij·(1 − t²), both
 * still to be multiplied by v_u, and dV_u += Σ_ij dS_ij·t, float64.
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
  for (let c = 0; c < cols; c++, k += row, dk += row, scores += 4) {
    const key = v128.load(k);
    const y0 = rest(x0, key, true);
    const t0 = f32x4.sub(one, y0);
    const w0 = v128.load_splat<f32>(scores);
    const g0 = slope(f32x4.mul(w0, y0), t0);
    const y1 = rest(x1, key, true);
    const t1 = f32x4.sub(one, y1);
    const w1 = v128.load_splat<f32>(scores, TILE_ROW);
    const g1 = slope(f32x4.mul(w1, y1), t1);
    const y2 = rest(x2, key, true);
    const t2 = f32x4.sub(one, y2);
    const w2 = v128.load_splat<f32>(scores, 2 * TILE_ROW);
    const g2 = slope(f32x4.mul(w2, y2), t2);
    const y3 = rest(x3, key, true);
    const t3 = f32x4.sub(one, y3);
    const w3 = v128.load_splat<f32>(scores, 3 * TILE_ROW);
    const g3 = slope(f32x4.mul(w3, y3), t3);
    sums = madd(madd(madd(madd(sums, w0, t0), w1, t1), w2, t2), w3, t3);
    d0 = f32x4.add(d0, g0);
    d1 = f32x4.add(d1, g1);
    d2 = f32x4.add(d2, g2);
    d3 = f32x4.add(d3, g3);
    v128.store(dk, f32x4.add(v128.load(dk), f32x4.add(f32x4.add(g0, g1), f32x4.add(g2, g3))));
  }
  v128.store(dq, d0), v128.store(dq + row, d1), v128.store(dq + 2 * row, d2), v128.store(dq + 3 * row, d3);
  return sums;
}

/** The same for numbers of any size, also for keys that aren't finite where their score has no gradient. */
function fourRowsOfAllowed(q: usize, k: usize, scores: usize, dq: usize, dk: usize, row: usize, cols: i32): v128 {
  let sums = f32x4.splat(0);
  for (let r: usize = 0; r < 4; r++, q += row, dq += row, scores += TILE_ROW) {
    const x = v128.load(q);
    let d = v128.load(dq);
    for (let c = 0; c < cols; c++) {
      const gradient = load<f32>(scores + (<usize>c << 2));
      if (gradient == 0) continue;
      const w = f32x4.splat(gradient);
      const y = rest(x, v128.load(k + <usize>c * row), false);
      const t = f32x4.sub(one, y);
      const g = slope(f32x4.mul(w, y), t);
      const at = dk + <usize>c * row;
      d = f32x4.add(d, g);
      v128.store(at, f32x4.add(v128.load(at), g));
      sums = madd(sums, w, t);
    }
    v128.store(dq, d);
  }
  return sums;
}
