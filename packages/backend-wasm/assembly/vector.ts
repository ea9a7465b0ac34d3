/** Four floats at a time: what WebAssembly has no instruction for. */

const LOG2_E: f32 = 1.4426950408889634;
// ln 2 in two parts, the first with few bits, so that n·LN2_HIGH is exact for every n that occurs (Cephes, expf).
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.12194440e-4;
/** Below, the result would be subnormal: it becomes 0. */
const EXP_LOWEST: f32 = -87.33654;
/** Above, it becomes ∞ (a little early: e^88.72 would still be finite). */
const EXP_HIGHEST: f32 = 88.72284;
/** From here on, tanh is 1 in float32. */
const TANH_ONE: f32 = 9.1;
/** Below, tanh is a polynomial, which keeps the relative error of small arguments; above, it comes from exp. */
const TANH_SMALL: f32 = 0.625;

/**
 * e^x to 2 ulps; 0 where that is below the smallest normal number, NaN for NaN.
 *
 * e^x = 2^n·e^r with |r| ≤ ln 2 / 2, and the polynomial of Cephes's expf for e^r.
 */
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  return expBelow4(f32x4.min(x, f32x4.splat(EXP_HIGHEST)));
}

/** The same for x ≤ 88.7. */
// @ts-ignore: decorator
@inline
export function expBelow4(x: v128): v128 {
  const bounded = f32x4.max(x, f32x4.splat(EXP_LOWEST));
  const n = f32x4.nearest(f32x4.mul(bounded, f32x4.splat(LOG2_E)));
  const r = f32x4.sub(
    f32x4.sub(bounded, f32x4.mul(n, f32x4.splat(LN2_HIGH))),
    f32x4.mul(n, f32x4.splat(LN2_LOW)),
  );
  let p = f32x4.splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(p, r), r), r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return v128.andnot(f32x4.mul(p, power), f32x4.lt(x, f32x4.splat(EXP_LOWEST)));
}

/** tanh x to 3 ulps; ±1 for large arguments, NaN for NaN. */
// @ts-ignore: decorator
@inline
export function tanh4(x: v128): v128 {
  const size = f32x4.abs(x);
  const z = f32x4.mul(x, x);
  let p = f32x4.splat(-5.70498872745e-3);
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(2.06390887954e-2));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-5.37397155531e-2));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(1.33314422036e-1));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-3.33332819422e-1));
  const small = f32x4.add(f32x4.mul(f32x4.mul(p, z), x), x);
  const bounded = f32x4.min(size, f32x4.splat(TANH_ONE));
  const e = exp4(f32x4.add(bounded, bounded));
  const positive = f32x4.sub(f32x4.splat(1), f32x4.div(f32x4.splat(2), f32x4.add(e, f32x4.splat(1))));
  const result = v128.bitselect(small, positive, f32x4.lt(size, f32x4.splat(TANH_SMALL)));
  return v128.or(result, v128.and(x, f32x4.splat(-0.0)));
}

/** 1 / (1 + e^−x) to 3 ulps. */
// @ts-ignore: decorator
@inline
export function sigmoid4(x: v128): v128 {
  return f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), exp4(f32x4.neg(x))));
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
