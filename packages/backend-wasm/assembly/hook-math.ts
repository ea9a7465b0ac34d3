import { exp4, log1, tanh4 } from './vector';

/** Functions that modules of hooks import, since WebAssembly has no instruction for them. */

export function hookExp(x: v128): v128 {
  return exp4(x);
}

export function hookTanh(x: v128): v128 {
  return tanh4(x);
}

export function hookLog(x: v128): v128 {
  let y = f32x4.splat(logOf(f32x4.extract_lane(x, 0)));
  y = f32x4.replace_lane(y, 1, logOf(f32x4.extract_lane(x, 1)));
  y = f32x4.replace_lane(y, 2, logOf(f32x4.extract_lane(x, 2)));
  return f32x4.replace_lane(y, 3, logOf(f32x4.extract_lane(x, 3)));
}

export function hookPow(x: v128, y: v128): v128 {
  let z = f32x4.splat(powOf(f32x4.extract_lane(x, 0), f32x4.extract_lane(y, 0)));
  z = f32x4.replace_lane(z, 1, powOf(f32x4.extract_lane(x, 1), f32x4.extract_lane(y, 1)));
  z = f32x4.replace_lane(z, 2, powOf(f32x4.extract_lane(x, 2), f32x4.extract_lane(y, 2)));
  return f32x4.replace_lane(z, 3, powOf(f32x4.extract_lane(x, 3), f32x4.extract_lane(y, 3)));
}

function logOf(x: f32): f32 {
  return x == 0 ? -Infinity : log1(x);
}

/** xʸ as JavaScript has it, but for signs of zeros: in float64, so that a large exponent doesn't enlarge the error. */
function powOf(x: f32, y: f32): f32 {
  if (y == 0) return 1;
  if (x != x || y != y) return NaN;
  const size = abs(x);
  const isWhole = floor(y) == y;
  if (x < 0 && !isWhole && size != Infinity) return NaN;
  const isOdd = isWhole && abs(y) < 16777216 && (<i32>y & 1) != 0;
  let power: f64;
  if (size == 0 || size == Infinity) power = size == 0 == y > 0 ? 0 : Infinity;
  else power = expOf(<f64>y * logOfSize(size));
  return <f32>(x < 0 && isOdd ? -power : power);
}

/** ln x of a positive number, which may be subnormal, in float64. */
function logOfSize(x: f32): f64 {
  let bits = reinterpret<u64>(<f64>x);
  let exponent = <i32>(bits >> 52) - 1023;
  let mantissa = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  if (mantissa > 1.4142135623730951) {
    mantissa *= 0.5;
    exponent++;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  const z = s * s;
  let series: f64 = 1.0 / 17;
  series = series * z + 1.0 / 15;
  series = series * z + 1.0 / 13;
  series = series * z + 1.0 / 11;
  series = series * z + 1.0 / 9;
  series = series * z + 1.0 / 7;
  series = series * z + 1.0 / 5;
  series = series * z + 1.0 / 3;
  series = series * z + 1;
  return <f64>exponent * 0.6931471805599453 + 2 * s * series;
}

/** eˣ in float64, to more digits than float32 has. */
function expOf(x: f64): f64 {
  if (x > 100) return Infinity;
  if (x < -110) return 0;
  const n = nearest(x * 1.4426950408889634);
  const r = x - n * 0.6931471805599453;
  // |r| ≤ 0.35: r⁹/9! is under 2e-10.
  let p: f64 = 1.0 / 40320;
  p = p * r + 1.0 / 5040;
  p = p * r + 1.0 / 720;
  p = p * r + 1.0 / 120;
  p = p * r + 1.0 / 24;
  p = p * r + 1.0 / 6;
  p = p * r + 0.5;
  p = p * r + 1;
  p = p * r + 1;
  return p * reinterpret<f64>(<u64>(<i64>n + 1023) << 52);
}
