/** What hooks need of functions beyond `FLOATS`, `EXP`, `LOG` and `TANH`. */

/** Comparisons that are false of a NaN on every driver. */
export const COMPARISONS = `
fn ordered(a: f32, b: f32) -> bool { return !isNaN(a) & !isNaN(b); }
fn less(a: f32, b: f32) -> bool { return (a < b) & ordered(a, b); }
fn atMost(a: f32, b: f32) -> bool { return (a <= b) & ordered(a, b); }
fn same(a: f32, b: f32) -> bool { return (a == b) & ordered(a, b); }`;

/** The smaller and the larger, NaN when one is; −0 is below 0. Of equal numbers only zeros can differ in their bits. */
export const EXTREMES = `
fn spoiledBy(result: f32, a: f32, b: f32) -> f32 { return select(select(result, b, isNaN(b)), a, isNaN(a)); }
fn smaller(a: f32, b: f32) -> f32 {
  return spoiledBy(select(min(a, b), bitcast<f32>(bitcast<u32>(a) | bitcast<u32>(b)), a == b), a, b);
}
fn larger(a: f32, b: f32) -> f32 {
  return spoiledBy(select(max(a, b), bitcast<f32>(bitcast<u32>(a) & bitcast<u32>(b)), a == b), a, b);
}`;

/** √x, which drivers make of 1 / √x, so that the ends of the scale are their own. */
export const ROOT = `
fn root(x: f32) -> f32 {
  let isEnd = !(x > 0.0) | isNaN(x) | isInfinite(x);
  return select(sqrt(x), select(x, notANumber(), (x < 0.0) & !isNaN(x)), isEnd);
}`;

/**
 * ⌊⌊a⌋ / ⌊b⌋⌋ and what is left, in whole numbers as far as they hold: a driver's quotient of floats may come out a little less than
 * a whole number.
 */
export const QUOTIENT = `
fn isCountable(a: f32, b: f32) -> bool {
  return isFinite(a) & isFinite(b) & (abs(a) < 2147483520.0) & (abs(b) < 2147483520.0) & (a != 0.0) & (b != 0.0);
}
fn wholeQuotient(first: f32, second: f32) -> f32 {
  let a = floor(first);
  let b = floor(second);
  if (!isCountable(a, b)) { return floor(a / b); }
  let x = u32(abs(a));
  let y = u32(abs(b));
  let isBelow = (a < 0.0) != (b < 0.0);
  let size = f32(x / y + select(0u, 1u, isBelow & (x % y != 0u)));
  return select(size, -size, isBelow);
}
fn remainder(first: f32, second: f32) -> f32 {
  let a = floor(first);
  let b = floor(second);
  if (!isCountable(a, b)) { return a - b * floor(a / b); }
  let rest = u32(abs(a)) % u32(abs(b));
  let isBelow = ((a < 0.0) != (b < 0.0)) & (rest != 0u);
  let left = select(f32(rest), abs(b) - f32(rest), isBelow);
  return select(left, 0.0 - left, b < 0.0);
}`;

/**
 * ln x in two floats, by Cephes's polynomial of logf whose larger terms are kept with what their rounding loses: a power multiplies it by
 * up to its exponent.
 *
 * @see Dekker 1971, "A floating-point technique for extending the available precision"
 */
const LOGARITHM = `
fn productLoss(a: f32, b: f32, product: f32) -> f32 {
  let s = 4097.0 * a;
  let t = 4097.0 * b;
  let ah = s - (s - a);
  let bh = t - (t - b);
  let al = a - ah;
  let bl = b - bh;
  return ((ah * bh - product) + ah * bl + al * bh) + al * bl;
}
fn sumLoss(a: f32, b: f32, sum: f32) -> f32 {
  let part = sum - a;
  return (a - (sum - part)) + (b - part);
}
fn longLogarithm(x: f32) -> vec2f {
  let isSmall = x < 1.17549435e-38;
  let bits = bitcast<u32>(select(x, x * 16777216.0, isSmall));
  var e = f32(i32(bits >> 23u) - 126) - select(0.0, 24.0, isSmall);
  let m = bitcast<f32>((bits & 0x007fffffu) | 0x3f000000u);
  let isLow = m < 0.70710678;
  e -= select(0.0, 1.0, isLow);
  let f = select(m, m + m, isLow) - 1.0;
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
  let near = f - 0.5 * z;
  let nearLoss = sumLoss(f, -0.5 * z, near) - 0.5 * productLoss(f, f, z);
  let far = e * 0.693359375;
  let sum = far + near;
  let rest = sumLoss(far, near, sum) + nearLoss + (p * f * z - e * 2.12194440e-4);
  let result = sum + rest;
  return vec2f(result, rest - (result - sum));
}`;

/** xʸ as JavaScript has it, but for signs of zeros. */
export const POWER = `${LOGARITHM}
fn power(x: f32, y: f32) -> f32 {
  let size = abs(x);
  let isZero = size == 0.0;
  let isEnd = isZero | isInfinite(x);
  let log = longLogarithm(select(size, 1.0, isEnd));
  let product = y * log.x;
  var result = exponential(product);
  let rest = productLoss(y, log.x, product) + y * log.y;
  result = select(result, result + result * rest, isFinite(rest) & isFinite(result));
  let isNegative = x < 0.0;
  let isWhole = floor(y) == y;
  result = select(result, notANumber(), isNegative & !isWhole);
  result = select(result, select(0.0, infinity(), isZero != (y > 0.0)), isEnd);
  // From 2^24 on every float is even.
  let exponent = u32(select(0.0, abs(y), isWhole & (abs(y) < 16777216.0)));
  result = select(result, -result, isNegative & ((exponent & 1u) != 0u));
  result = select(select(result, y, isNaN(y)), x, isNaN(x));
  return select(result, 1.0, y == 0.0);
}`;
