/**
 * Elementary functions of float32, as WGSL's own are exact in none of the ends: a driver's exp NaN may be ∞, and its log 0 a number. They
 * need the code of `FLOATS`.
 */

/**
 * e^x to 2 ulps; 0 where that is below the smallest normal number, NaN for NaN.
 *
 * e^x = 2^n·e^r with |r| ≤ ln 2 / 2, and the polynomial of Cephes's expf for e^r.
 */
export const EXP = `
fn exponential(x: f32) -> f32 {
  let bounded = clamp(x, -87.33654, 88.72283);
  let n = floor(bounded * 1.44269504 + 0.5);
  let r = bounded - n * 0.693359375 + n * 2.12194440e-4;
  var p = 1.9875691500e-4;
  p = p * r + 1.3981999507e-3;
  p = p * r + 8.3334519073e-3;
  p = p * r + 4.1665795894e-2;
  p = p * r + 1.6666665459e-1;
  p = p * r + 0.5;
  p = p * r * r + r + 1.0;
  // In two steps: 2^n alone may be past the largest number.
  let half_ = i32(n) / 2;
  var result = p * bitcast<f32>((half_ + 127) << 23) * bitcast<f32>((i32(n) - half_ + 127) << 23);
  // The ends, in bits: those of a number grow with its size.
  let bits = bitcast<u32>(x);
  let size = bits & 0x7fffffffu;
  result = select(result, 0.0, bits > 0xc2aeac50u); // below −87.33654
  result = select(result, infinity(), bits < 0x80000000u && size > 0x42b17218u); // above 88.72283
  return select(result, x, size > EXPONENT);
}`;

/** ln x to 2 ulps by Cephes's polynomial of logf; −∞ for 0, NaN below it. */
export const LOG = `
fn logarithm(x: f32) -> f32 {
  let isSmall = (bitcast<u32>(x) & EXPONENT) == 0u;
  let bits = bitcast<u32>(select(x, x * 16777216.0, isSmall));
  var e = f32(i32(bits >> 23u) - 126) - select(0.0, 24.0, isSmall);
  var f = bitcast<f32>((bits & 0x007fffffu) | 0x3f000000u);
  let isLow = f < 0.70710678;
  e -= select(0.0, 1.0, isLow);
  f = select(f, f + f, isLow) - 1.0;
  let z = f * f;
  var p = 7.0376836292e-2;
  p = p * f - 1.1514610310e-1;
  p = p * f + 1.1676998740e-1;
  p = p * f - 1.2420140846e-1;
  p = p * f + 1.4249322787e-1;
  p = p * f - 1.6668057665e-1;
  p = p * f + 2.0000714765e-1;
  p = p * f - 2.4999993993e-1;
  p = p * f + 3.3333331174e-1;
  var result = e * 0.693359375 + (f + (p * f * z - e * 2.12194440e-4 - 0.5 * z));
  let size = bitcast<u32>(x) & 0x7fffffffu;
  result = select(result, notANumber(), isNegative(x));
  result = select(result, minusInfinity(), size == 0u);
  return select(result, x, size > EXPONENT || bitcast<u32>(x) == EXPONENT);
}`;

/** tanh x to 3 ulps, by Cephes's polynomial near 0; and 1 − tanh² x without the loss of a subtraction. Needs EXP. */
export const TANH = `
fn tangent(x: f32) -> f32 {
  let z = x * x;
  var p = -5.70498872745e-3;
  p = p * z + 2.06390887954e-2;
  p = p * z - 5.37397155531e-2;
  p = p * z + 1.33314422036e-1;
  p = p * z - 3.33332819422e-1;
  let near = p * z * x + x;
  // From 20 on it is 1.
  let far = 1.0 - 2.0 / (1.0 + exponential(2.0 * min(abs(x), 20.0)));
  let result = select(select(far, -far, isNegative(x)), near, abs(x) < 0.625);
  return select(result, x, isNaN(x));
}
fn slopeOfTangent(x: f32) -> f32 {
  let e = exponential(-2.0 * abs(x));
  let sum = 1.0 + e;
  return 4.0 * e / (sum * sum);
}`;

/** 1 / (1 + e^−x). Needs EXP. */
export const SIGMOID = `
fn logistic(x: f32) -> f32 { return select(1.0 / (1.0 + exponential(min(-x, 88.0))), x, isNaN(x)); }`;
