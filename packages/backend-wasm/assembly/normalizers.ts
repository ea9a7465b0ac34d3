import { exp4, expBelow4, max4, sigmoid4, sum4 } from './vector';

/**
 * From a row of scores, where −∞ is what takes no part, to weights, and from gradients in the weights back to those in the
 * scores. Rows are padded with −∞ to a multiple of 16 bytes. What takes no part gets 0; an attended NaN makes NaN of all
 * the others, except for sigmoid, where positions don't know of each other.
 */

/** As NORMALIZER_KINDS in src/request.ts counts them. */
export const SOFTMAX: i32 = 0;
export const SPARSEMAX: i32 = 1;
export const ENTMAX15: i32 = 2;
export const SIGMOID: i32 = 3;
export const HARD: i32 = 4;

/** @returns whether anything takes part */
export function normalize(kind: i32, scores: usize, weights: usize, bytes: usize): bool {
  const top = highest(scores, bytes);
  if (top == -Infinity) {
    memory.fill(weights, 0, bytes);
    return false;
  }
  if (kind == SIGMOID) sigmoid(scores, weights, bytes);
  else if (top != top || (top == Infinity && kind != HARD)) spoil(scores, weights, bytes);
  else if (kind == SOFTMAX) softmax(scores, weights, bytes, top);
  else if (kind == HARD) first(scores, weights, bytes, top);
  else project(scores, weights, bytes, top, kind == ENTMAX15);
  return true;
}

/** NaN when one of them is. */
function highest(row: usize, bytes: usize): f32 {
  let top = f32x4.splat(-Infinity);
  for (let at = row; at < row + bytes; at += 16) top = f32x4.max(top, v128.load(at));
  return max4(top);
}

function spoil(scores: usize, weights: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(weights + at, v128.andnot(f32x4.splat(NaN), isMasked(v128.load(scores + at))));
  }
}

function softmax(scores: usize, weights: usize, bytes: usize, top: f32): void {
  const base = f32x4.splat(top);
  let sums = f32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    const e = expBelow4(f32x4.sub(v128.load(scores + at), base));
    v128.store(weights + at, e);
    sums = f32x4.add(sums, e);
  }
  const scale = f32x4.splat(1 / sum4(sums));
  for (let at: usize = 0; at < bytes; at += 16) v128.store(weights + at, f32x4.mul(v128.load(weights + at), scale));
}

function sigmoid(scores: usize, weights: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    const s = v128.load(scores + at);
    v128.store(weights + at, v128.andnot(sigmoid4(s), isMasked(s)));
  }
}

function first(scores: usize, weights: usize, bytes: usize, top: f32): void {
  memory.fill(weights, 0, bytes);
  let at: usize = 0;
  while (load<f32>(scores + at) != top) at += 4;
  store<f32>(weights + at, 1);
}

/**
 * Sparsemax, max(z − τ, 0), or 1.5-entmax, max(z/2 − τ, 0)², with the τ for which they sum to 1: by Newton's method, which
 * from the left never passes the root of a convex falling function, and takes a few steps where sorting takes more than the
 * row is long. @see Martins & Astudillo 2016, arXiv:1602.02068; Peters, Niculae & Martins 2019, arXiv:1905.05702
 */
function project(scores: usize, weights: usize, bytes: usize, top: f32, squared: bool): void {
  const base = f32x4.splat(top);
  const factor = f32x4.splat(squared ? 0.5 : 1);
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(weights + at, f32x4.mul(f32x4.sub(v128.load(scores + at), base), factor));
  }
  const threshold = squared ? entmaxThreshold(weights, bytes) : sparsemaxThreshold(weights, bytes);
  const tau = f64x2.splat(threshold);
  for (let at: usize = 0; at < bytes; at += 8) {
    const d = above(weights + at, tau);
    const w = f32x4.demote_f64x2_zero(squared ? f64x2.mul(d, d) : d);
    v128.store64_lane(weights + at, w, 0);
  }
}

const STEPS: i32 = 64;
const PRECISION: f64 = 1e-12;

function sparsemaxThreshold(row: usize, bytes: usize): f64 {
  let tau: f64 = -1;
  const zero = f64x2.splat(0);
  for (let n = 0; n < STEPS; n++) {
    let sums = zero;
    let counts = i64x2.splat(0);
    for (let at = row; at < row + bytes; at += 8) {
      const d = above(at, f64x2.splat(tau));
      sums = f64x2.add(sums, d);
      counts = i64x2.sub(counts, f64x2.gt(d, zero));
    }
    const count = i64x2.extract_lane(counts, 0) + i64x2.extract_lane(counts, 1);
    const step = (sumOfTwo(sums) - 1) / <f64>count;
    tau += step;
    if (!(step > PRECISION)) break;
  }
  return tau;
}

function entmaxThreshold(row: usize, bytes: usize): f64 {
  let tau: f64 = -1;
  for (let n = 0; n < STEPS; n++) {
    let sums = f64x2.splat(0);
    let squares = sums;
    for (let at = row; at < row + bytes; at += 8) {
      const d = above(at, f64x2.splat(tau));
      sums = f64x2.add(sums, d);
      squares = f64x2.add(squares, f64x2.mul(d, d));
    }
    const step = (sumOfTwo(squares) - 1) / (2 * sumOfTwo(sums));
    tau += step;
    if (!(step > PRECISION)) break;
  }
  return tau;
}

/** max(z − τ, 0) of two numbers. */
// @ts-ignore: decorator
@inline
function above(at: usize, tau: v128): v128 {
  return f64x2.pmax(f64x2.splat(0), f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(at)), tau));
}

// @ts-ignore: decorator
@inline
function sumOfTwo(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}

// @ts-ignore: decorator
@inline
function isMasked(scores: v128): v128 {
  return f32x4.eq(scores, f32x4.splat(-Infinity));
}

/** Gradients in the weights, 0 where nothing takes part, to those in the scores, in place. */
export function differentiateNormalizer(kind: i32, scores: usize, weights: usize, gradients: usize, bytes: usize): void {
  if (kind == HARD) memory.fill(gradients, 0, bytes);
  else if (kind == SIGMOID) differentiateSigmoid(scores, gradients, bytes);
  else centre(kind, weights, gradients, bytes);
}

/** e^−|s| / (1 + e^−|s|)², as a weight near 1 has lost what 1 − w needs. */
function differentiateSigmoid(scores: usize, gradients: usize, bytes: usize): void {
  const one = f32x4.splat(1);
  for (let at: usize = 0; at < bytes; at += 16) {
    const s = v128.load(scores + at);
    const e = exp4(f32x4.neg(f32x4.abs(s)));
    const divisor = f32x4.add(one, e);
    const slope = f32x4.div(e, f32x4.mul(divisor, divisor));
    v128.store(gradients + at, f32x4.mul(v128.load(gradients + at), v128.andnot(slope, isMasked(s))));
  }
}

/**
 * g∘(d − Σ g∘d / Σ g): the Jacobian of softmax (g = p), sparsemax (g = [p > 0]) and 1.5-entmax (g = √p).
 *
 * @see Peters, Niculae & Martins 2019, arXiv:1905.05702, proposition 2
 */
function centre(kind: i32, weights: usize, gradients: usize, bytes: usize): void {
  let totals = f32x4.splat(0);
  let sums = totals;
  for (let at: usize = 0; at < bytes; at += 16) {
    const g = slopeOf(kind, v128.load(weights + at));
    totals = f32x4.add(totals, g);
    sums = f32x4.add(sums, f32x4.mul(g, v128.load(gradients + at)));
  }
  const mean = f32x4.splat(sum4(sums) / sum4(totals));
  for (let at: usize = 0; at < bytes; at += 16) {
    const g = slopeOf(kind, v128.load(weights + at));
    const d = f32x4.mul(g, f32x4.sub(v128.load(gradients + at), mean));
    v128.store(gradients + at, v128.andnot(d, f32x4.eq(g, f32x4.splat(0))));
  }
}

// @ts-ignore: decorator
@inline
function slopeOf(kind: i32, weights: v128): v128 {
  if (kind == SOFTMAX) return weights;
  if (kind == ENTMAX15) return f32x4.sqrt(weights);
  return v128.bitselect(f32x4.splat(1), weights, f32x4.gt(weights, f32x4.splat(0)));
}
