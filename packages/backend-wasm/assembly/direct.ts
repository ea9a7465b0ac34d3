import { madd, sum4 } from './vector';

/**
 * Few queries, such as one step of a decoder against a long memory: bringing keys and values into panels would cost more than
 * it saves, so each is read once, where it is. What is computed is bound by memory.
 */

/** Queries of a head up to which that pays. */
export const DIRECT_QUERIES: i32 = 4;

/** Scores of `rows` queries, in rows of `queryRow` bytes, and of keys in place. */
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
  const whole = row & ~15;
  for (let r = 0; r < rows; r++, query += queryRow, tile += tileRow) {
    for (let c = 0; c < cols; c += 4) {
      // The last keys are taken again rather than read beyond the end.
      const first = max(0, min(c, cols - 4));
      const k0 = key + <usize>first * row;
      const k1 = first + 1 < cols ? k0 + row : k0;
      const k2 = first + 2 < cols ? k1 + row : k1;
      const k3 = first + 3 < cols ? k2 + row : k2;
      let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
      for (let n: usize = 0; n < whole; n += 16) {
        const x = v128.load(query + n);
        s0 = madd(s0, x, v128.load(k0 + n));
        s1 = madd(s1, x, v128.load(k1 + n));
        s2 = madd(s2, x, v128.load(k2 + n));
        s3 = madd(s3, x, v128.load(k3 + n));
      }
      let t0 = sum4(s0), t1 = sum4(s1), t2 = sum4(s2), t3 = sum4(s3);
      for (let n = whole; n < row; n += 4) {
        const x = load<f32>(query + n);
        t0 += x * load<f32>(k0 + n);
        t1 += x * load<f32>(k1 + n);
        t2 += x * load<f32>(k2 + n);
        t3 += x * load<f32>(k3 + n);
      }
      v128.store(tile + (<usize>first << 2), f32x4(t0, t1, t2, t3));
    }
  }
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
  for (let r = 0; r < rows; r++, weights += weightRow, context += contextRow) {
    let n: usize = 0;
    for (; n + 64 <= row; n += 64) {
      const to = context + n;
      let s0 = v128.load(to), s1 = v128.load(to, 16), s2 = v128.load(to, 32), s3 = v128.load(to, 48);
      let at = value + n;
      for (let c = 0; c < cols; c++, at += row) {
        const weight = v128.load_splat<f32>(weights + (<usize>c << 2));
        if (masked && f32x4.extract_lane(weight, 0) == 0) continue;
        s0 = madd(s0, weight, v128.load(at));
        s1 = madd(s1, weight, v128.load(at, 16));
        s2 = madd(s2, weight, v128.load(at, 32));
        s3 = madd(s3, weight, v128.load(at, 48));
      }
      v128.store(to, s0), v128.store(to, s1, 16), v128.store(to, s2, 32), v128.store(to, s3, 48);
    }
    for (; n < row; n += 4) {
      let sum = load<f32>(context + n);
      for (let c = 0; c < cols; c++) {
        const weight = load<f32>(weights + (<usize>c << 2));
        if (!masked || weight != 0) sum += weight * load<f32>(value + <usize>c * row + n);
      }
      store<f32>(context + n, sum);
    }
  }
}
