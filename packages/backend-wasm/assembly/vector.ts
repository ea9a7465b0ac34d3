/** Four floats at a time: what WebAssembly has no instruction for. */

/**
 * Constants in all four lanes, as globals that are set at run time: V8 builds a constant vector anew at each use, by three
 * instructions, and loads a global by one. (Data in memory would be in the way of the engine, whose heap this is.)
 */
export let one: v128 = f32x4.splat(0);
export let two: v128 = f32x4.splat(0);
let half: v128 = f32x4.splat(0);
/** 1.5·2²³: adding it rounds to a whole number, which the low bits then hold. */
let roundingShift: v128 = f32x4.splat(0);
/** The exponent's bits of 1. */
let exponentOne: v128 = f32x4.splat(0);
let log2E: v128 = f32x4.splat(0);
// ln 2 in two parts, the first with few bits, so that n·ln2High is exact for every n that occurs (Cephes, expf).
let ln2High: v128 = f32x4.splat(0);
let ln2Low: v128 = f32x4.splat(0);
/** Below, the result would be subnormal: it becomes 0. */
let expLowest: v128 = f32x4.splat(0);
/** Above, it becomes ∞ (a little early: e^88.72 would still be finite). */
let expHighest: v128 = f32x4.splat(0);
let expC5: v128 = f32x4.splat(0);
let expC4: v128 = f32x4.splat(0);
let expC3: v128 = f32x4.splat(0);
let expC2: v128 = f32x4.splat(0);
let expC1: v128 = f32x4.splat(0);
/** Below, 2^n of the range reduction is 0 in the exponent's bits, and so a weight. */
let weightLowest: v128 = f32x4.splat(0);
/** `roundingShift` + 127: the low bits are then those of the exponent of 2^n. */
let exponentShift: v128 = f32x4.splat(0);
let powerC5: v128 = f32x4.splat(0);
let powerC4: v128 = f32x4.splat(0);
let powerC3: v128 = f32x4.splat(0);
let powerC2: v128 = f32x4.splat(0);
let powerC1: v128 = f32x4.splat(0);
/** From here on, tanh is 1 in float32. */
let tanhOne: v128 = f32x4.splat(0);
/** Below, tanh is a polynomial, which keeps the relative error of small arguments; above, it comes from exp. */
let tanhSmall: v128 = f32x4.splat(0);
let tanhC4: v128 = f32x4.splat(0);
let tanhC3: v128 = f32x4.splat(0);
let tanhC2: v128 = f32x4.splat(0);
let tanhC1: v128 = f32x4.splat(0);
let tanhC0: v128 = f32x4.splat(0);

/** Sets the constants. */
export function setVectorConstants(): void {
  one = f32x4.splat(1);
  two = f32x4.splat(2);
  half = f32x4.splat(0.5);
  roundingShift = f32x4.splat(12582912);
  exponentOne = i32x4.splat(127 << 23);
  log2E = f32x4.splat(1.4426950408889634);
  ln2High = f32x4.splat(0.693359375);
  ln2Low = f32x4.splat(-2.12194440e-4);
  expLowest = f32x4.splat(-87.33654);
  expHighest = f32x4.splat(88.72284);
  expC5 = f32x4.splat(1.9875691500e-4);
  expC4 = f32x4.splat(1.3981999507e-3);
  expC3 = f32x4.splat(8.3334519073e-3);
  expC2 = f32x4.splat(4.1665795894e-2);
  expC1 = f32x4.splat(1.6666665459e-1);
  weightLowest = f32x4.splat(-88.1);
  exponentShift = f32x4.splat(12583039);
  // 2^f = 1 + f·(…) with the smallest relative error for |f| ≤ ½, 1.1e-7: a linear programme, whose solution was rounded to float32.
  powerC5 = f32x4.splat(1.326474361e-3);
  powerC4 = f32x4.splat(9.671512991e-3);
  powerC3 = f32x4.splat(5.550733581e-2);
  powerC2 = f32x4.splat(0.2402224243);
  powerC1 = f32x4.splat(0.6931470037);
  tanhOne = f32x4.splat(9.1);
  tanhSmall = f32x4.splat(0.625);
  tanhC4 = f32x4.splat(-5.70498872745e-3);
  tanhC3 = f32x4.splat(2.06390887954e-2);
  tanhC2 = f32x4.splat(-5.37397155531e-2);
  tanhC1 = f32x4.splat(1.33314422036e-1);
  tanhC0 = f32x4.splat(-3.33332819422e-1);
}

/** sum + a·b; rounded once where the engine has an instruction for that. */
// @ts-ignore: decorator
@inline
export function madd(sum: v128, a: v128, b: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, sum) : f32x4.add(sum, f32x4.mul(a, b));
}

/** sum − a·b. */
// @ts-ignore: decorator
@inline
export function nmadd(sum: v128, a: v128, b: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_nmadd(a, b, sum) : f32x4.sub(sum, f32x4.mul(a, b));
}

/**
 * e^x to 2 ulps; 0 where that is below the smallest normal number, NaN for NaN.
 *
 * e^x = 2^n·e^r with |r| ≤ ln 2 / 2, and the polynomial of Cephes's expf for e^r.
 */
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  return expBelow4(f32x4.pmin(x, expHighest));
}

/** The same for x ≤ 88.7. `pmin` and `pmax`, unlike `min` and `max`, are one instruction; here they keep a NaN in x. */
// @ts-ignore: decorator
@inline
export function expBelow4(x: v128): v128 {
  const bounded = f32x4.pmax(x, expLowest);
  const shifted = madd(roundingShift, bounded, log2E);
  const n = f32x4.sub(shifted, roundingShift);
  const r = nmadd(nmadd(bounded, n, ln2High), n, ln2Low);
  // Estrin's scheme: a chain of dependent steps half as long as Horner's. 1 comes last, so that it alone rounds the result.
  const square = f32x4.mul(r, r);
  const low = madd(r, square, madd(half, expC1, r));
  const high = madd(madd(expC2, expC3, r), square, madd(expC4, expC5, r));
  const p = f32x4.add(one, madd(low, f32x4.mul(square, square), high));
  const power = i32x4.add(i32x4.shl(shifted, 23), exponentOne);
  return v128.andnot(f32x4.mul(p, power), f32x4.lt(x, expLowest));
}

/**
 * e^x of a weight, where x ≤ 0 is its score less the row's highest score or logSumExp: to 2^−22 of 1. 1 at 0, 0 from −87.7 on, NaN for NaN.
 *
 * An error next to 1 lets x·log₂ e be rounded, which costs |x|·2^−24 of e^x, and saves the second part of ln 2, two terms and what
 * `expBelow4` does about small results: a third of it.
 */
// @ts-ignore: decorator
@inline
export function weightExp4(x: v128): v128 {
  const bounded = f32x4.pmax(x, weightLowest);
  let shifted: v128, f: v128;
  if (ASC_FEATURE_RELAXED_SIMD) {
    shifted = f32x4.relaxed_madd(bounded, log2E, exponentShift);
    f = f32x4.relaxed_madd(bounded, log2E, f32x4.sub(exponentShift, shifted));
  } else {
    const binary = f32x4.mul(bounded, log2E);
    shifted = f32x4.add(binary, exponentShift);
    f = f32x4.sub(binary, f32x4.sub(shifted, exponentShift));
  }
  const square = f32x4.mul(f, f);
  const high = madd(madd(powerC2, powerC3, f), madd(powerC4, powerC5, f), square);
  return f32x4.mul(madd(madd(one, powerC1, f), high, square), i32x4.shl(shifted, 23));
}

/** Whether all four are so small that `smallTanh4` will do. */
// @ts-ignore: decorator
@inline
export function areSmall(x: v128): bool {
  return v128.all_true<i32>(f32x4.lt(f32x4.abs(x), tanhSmall));
}

/** tanh x of small numbers. */
// @ts-ignore: decorator
@inline
export function smallTanh4(x: v128): v128 {
  const z = f32x4.mul(x, x);
  let p = tanhC4;
  p = madd(tanhC3, p, z);
  p = madd(tanhC2, p, z);
  p = madd(tanhC1, p, z);
  p = madd(tanhC0, p, z);
  return madd(x, f32x4.mul(p, z), x);
}

/** tanh x to 3 ulps; ±1 for large arguments, NaN for NaN. */
// @ts-ignore: decorator
@inline
export function tanh4(x: v128): v128 {
  const size = f32x4.abs(x);
  const small = smallTanh4(x);
  const bounded = f32x4.pmin(size, tanhOne);
  const e = expBelow4(f32x4.add(bounded, bounded));
  const positive = f32x4.sub(one, f32x4.div(two, f32x4.add(e, one)));
  const result = v128.bitselect(small, positive, f32x4.lt(size, tanhSmall));
  return v128.or(result, v128.and(x, f32x4.splat(-0.0)));
}

/** 1 − tanh² x = 4e/(1 + e)² with e = e^−2|x|, to a few ulps also where tanh is nearly ±1. */
// @ts-ignore: decorator
@inline
export function tanhSlope4(x: v128): v128 {
  const size = f32x4.abs(x);
  const e = exp4(f32x4.neg(f32x4.add(size, size)));
  const divisor = f32x4.add(one, e);
  const root = f32x4.div(two, divisor);
  return f32x4.mul(f32x4.mul(root, root), e);
}

/** 1 / (1 + e^−x) to 3 ulps. */
// @ts-ignore: decorator
@inline
export function sigmoid4(x: v128): v128 {
  return f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(x))));
}

// @ts-ignore: decorator
@inline
export function exp1(x: f32): f32 {
  return f32x4.extract_lane(exp4(f32x4.splat(x)), 0);
}

// @ts-ignore: decorator
@inline
export function sum4(x: v128): f32 {
  const pairs = f32x4.add(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

/** The sum of each of four vectors. */
// @ts-ignore: decorator
@inline
export function sumOfEach(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

/** The largest of each of four vectors without NaN. */
// @ts-ignore: decorator
@inline
export function maxOfEach(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.pmax(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.pmax(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.pmax(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

/** NaN when one of them is. */
// @ts-ignore: decorator
@inline
export function max4(x: v128): f32 {
  const pairs = f32x4.max(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return max<f32>(f32x4.extract_lane(pairs, 0), f32x4.extract_lane(pairs, 1));
}

/**
 * ln x of a positive, normal number in float64: with x = 2^n·m, ln m = 2·artanh(s) for s = (m − 1)/(m + 1), |s| ≤ 0.172.
 * AssemblyScript's own reads tables, which would be static data in the engine's heap.
 */
export function log1(x: f32): f32 {
  if (!(x > 0) || x == Infinity) return x == Infinity ? x : NaN;
  let exponent = <i32>(reinterpret<u32>(x) >> 23) - 127;
  let mantissa = <f64>reinterpret<f32>((reinterpret<u32>(x) & 0x007fffff) | 0x3f800000);
  if (mantissa > 1.4142135623730951) {
    mantissa *= 0.5;
    exponent++;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  const z = s * s;
  let series: f64 = 1.0 / 13;
  series = series * z + 1.0 / 11;
  series = series * z + 1.0 / 9;
  series = series * z + 1.0 / 7;
  series = series * z + 1.0 / 5;
  series = series * z + 1.0 / 3;
  series = series * z + 1;
  return <f32>(<f64>exponent * 0.6931471805599453 + 2 * s * series);
}
