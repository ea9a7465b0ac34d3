import { addOneToOne } from './few-rows';
import { Request } from './request';
import { madd, sumOfEach } from './vector';

/**
 * Few queries, such as one step of a decoder against a long memory: bringing keys and values into panels would cost more than it saves, so each
 * is read where it is. What is computed is bound by memory, which comes fastest in order, one or two rows at a time: four rows side by side
 * took twice as long. Rows of queries and of contexts stay in the first-level cache.
 */

/** Queries of a head up to which that pays. */
const FEW: i32 = 4;

export function hasFewQueries(p: Request): bool {
  return p.queries <= FEW;
}

/** Scores of `rows` queries, in rows of `queryRow` bytes, and of keys in place; or of cotangents and values. */
export function directScores(
  query: usize,
  queryRow: usize,
  key: usize,
  width: i32,
  tile: usize,
  tileRow: usize,
  rows: i32,
  cols: i32,
): void {
  const row = <usize>width << 2;
  for (let c = 0; c < cols; c += 4) {
    // The last keys are taken again rather than read beyond the end.
    const first = max(0, min(c, cols - 4));
    const k0 = key + <usize>first * row;
    const k1 = first + 1 < cols ? k0 + row : k0;
    const k2 = first + 2 < cols ? k1 + row : k1;
    const k3 = first + 3 < cols ? k2 + row : k2;
    let from = query;
    let to = tile + (<usize>first << 2);
    for (let r = 0; r < rows; r++, from += queryRow, to += tileRow) {
      const s0 = products(from, k0, row), s1 = products(from, k1, row);
      const s2 = products(from, k2, row), s3 = products(from, k3, row);
      v128.store(to, sumOfEach(s0, s1, s2, s3));
    }
  }
}

/** A query times a key: four sums for every fourth vector, so that additions don't wait for each other, and of them the sum. */
// @ts-ignore: decorator
@inline
function products(query: usize, key: usize, row: usize): v128 {
  let s = f32x4.splat(0), t = s, u = s, v = s;
  let n: usize = 0;
  for (; n + 64 <= row; n += 64) {
    s = madd(s, v128.load(query + n), v128.load(key + n));
    t = madd(t, v128.load(query + n, 16), v128.load(key + n, 16));
    u = madd(u, v128.load(query + n, 32), v128.load(key + n, 32));
    v = madd(v, v128.load(query + n, 48), v128.load(key + n, 48));
  }
  for (; n + 16 <= row; n += 16) s = madd(s, v128.load(query + n), v128.load(key + n));
  for (; n < row; n += 4) s = madd(s, v128.load32_zero(query + n), v128.load32_zero(key + n));
  return f32x4.add(f32x4.add(s, t), f32x4.add(u, v));
}

/** context += weights·values; where some keys are masked, without the values whose weight is 0, which may be NaN. */
export function directContext(
  weights: usize,
  weightRow: usize,
  value: usize,
  width: i32,
  context: usize,
  contextRow: usize,
  rows: i32,
  cols: i32,
  masked: bool,
): void {
  const row = <usize>width << 2;
  for (let c = 0; c < cols; c += 2, value += 2 * row) {
    let from = weights + (<usize>c << 2);
    let to = context;
    for (let r = 0; r < rows; r++, from += weightRow, to += contextRow) {
      const first = !masked || load<f32>(from) != 0;
      const second = c + 1 < cols && (!masked || load<f32>(from, 4) != 0);
      if (first && second) addTwoToOne(from, value, to, row);
      else if (first) addOneToOne(from, value, to, row);
      else if (second) addOneToOne(from + 4, value + row, to, row);
    }
  }
}

/** Gradients of keys += factorsᵀ·queries, and of values likewise; where some keys are masked, without what has the factor 0. */
export function directOuter(
  factors: usize,
  factorRow: usize,
  query: usize,
  queryRow: usize,
  width: i32,
  to: usize,
  toRow: usize,
  rows: i32,
  cols: i32,
  masked: bool,
): void {
  const row = <usize>width << 2;
  for (let c = 0; c < cols; c++, factors += 4, to += toRow) {
    let at = factors;
    let from = query;
    for (let r = 0; r < rows; r++, at += factorRow, from += queryRow) {
      if (!masked || load<f32>(at) != 0) addOneToOne(at, from, to, row);
    }
  }
}

/** Two rows of values, each times its weight, in one pass over a row of contexts. */
// @ts-ignore: decorator
@inline
function addTwoToOne(weights: usize, v0: usize, to: usize, row: usize): void {
  const x = v128.load_splat<f32>(weights), y = v128.load_splat<f32>(weights, 4);
  const v1 = v0 + row;
  let n: usize = 0;
  for (; n + 64 <= row; n += 64) {
    const p = madd(v128.load(to + n), x, v128.load(v0 + n));
    const q = madd(v128.load(to + n, 16), x, v128.load(v0 + n, 16));
    const s = madd(v128.load(to + n, 32), x, v128.load(v0 + n, 32));
    const t = madd(v128.load(to + n, 48), x, v128.load(v0 + n, 48));
    v128.store(to + n, madd(p, y, v128.load(v1 + n)));
    v128.store(to + n, madd(q, y, v128.load(v1 + n, 16)), 16);
    v128.store(to + n, madd(s, y, v128.load(v1 + n, 32)), 32);
    v128.store(to + n, madd(t, y, v128.load(v1 + n, 48)), 48);
  }
  for (; n + 16 <= row; n += 16) {
    const p = madd(v128.load(to + n), x, v128.load(v0 + n));
    v128.store(to + n, madd(p, y, v128.load(v1 + n)));
  }
  for (; n < row; n += 4) {
    const p = madd(v128.load32_zero(to + n), x, v128.load32_zero(v0 + n));
    v128.store32_lane(to + n, madd(p, y, v128.load32_zero(v1 + n)), 0);
  }
}
