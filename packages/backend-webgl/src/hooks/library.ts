/** What hooks need of functions beyond `FLOATS`, `EXP` and `TANH`, of four numbers at a time. */

/** Comparisons that are false of a NaN on every driver. */
export const COMPARISONS = `
bvec4 ordered(vec4 a, vec4 b) { return both(not(isNaN(a)), not(isNaN(b))); }
bvec4 less(vec4 a, vec4 b) { return both(lessThan(a, b), ordered(a, b)); }
bvec4 atMost(vec4 a, vec4 b) { return both(lessThanEqual(a, b), ordered(a, b)); }
bvec4 same(vec4 a, vec4 b) { return both(equal(a, b), ordered(a, b)); }`;

/** The smaller and the larger, NaN when one is; −0 is below 0. Of equal numbers only zeros can differ in their bits. */
export const EXTREMES = `
vec4 spoiledBy(vec4 result, vec4 a, vec4 b) { return mix(mix(result, b, isNaN(b)), a, isNaN(a)); }
vec4 smaller(vec4 a, vec4 b) {
  vec4 tied = uintBitsToFloat(floatBitsToUint(a) | floatBitsToUint(b));
  return spoiledBy(mix(min(a, b), tied, equal(a, b)), a, b);
}
vec4 larger(vec4 a, vec4 b) {
  vec4 tied = uintBitsToFloat(floatBitsToUint(a) & floatBitsToUint(b));
  return spoiledBy(mix(max(a, b), tied, equal(a, b)), a, b);
}`;

/** √x, which drivers make of 1 / √x, so that the ends of the scale are their own. */
export const ROOT = `
vec4 root(vec4 x) {
  bvec4 isEnd = not(both(greaterThan(x, vec4(0.0)), lessThan(x, vec4(infinity()))));
  return mix(sqrt(x), mix(x, vec4(notANumber()), lessThan(x, vec4(0.0))), isEnd);
}`;

/**
 * ⌊⌊a⌋ / ⌊b⌋⌋ and what is left, in whole numbers as far as they hold: a driver's quotient of floats may come out a little less than
 * a whole number.
 */
export const QUOTIENT = `
bvec4 isCountable(vec4 a, vec4 b) {
  return both(both(lessThan(abs(a), vec4(2147483520.0)), lessThan(abs(b), vec4(2147483520.0))),
    both(notEqual(a, vec4(0.0)), notEqual(b, vec4(0.0))));
}
void divided(vec4 a, vec4 b, out uvec4 quotient, out uvec4 rest, out bvec4 isBelow) {
  uvec4 x = uvec4(abs(a)), y = max(uvec4(abs(b)), 1u);
  quotient = x / y;
  rest = x - quotient * y;
  isBelow = both(notEqual(lessThan(a, vec4(0.0)), lessThan(b, vec4(0.0))), notEqual(rest, uvec4(0u)));
}
vec4 wholeQuotient(vec4 a, vec4 b) {
  a = floor(a);
  b = floor(b);
  bvec4 counts = isCountable(a, b);
  uvec4 q, rest;
  bvec4 isBelow;
  divided(mix(vec4(0.0), a, counts), mix(vec4(1.0), b, counts), q, rest, isBelow);
  vec4 size = vec4(q + uvec4(isBelow));
  bvec4 isNegative = notEqual(lessThan(a, vec4(0.0)), lessThan(b, vec4(0.0)));
  return mix(floor(a / b), mix(size, -size, isNegative), counts);
}
vec4 remainder(vec4 a, vec4 b) {
  a = floor(a);
  b = floor(b);
  bvec4 counts = isCountable(a, b);
  uvec4 q, rest;
  bvec4 isBelow;
  divided(mix(vec4(0.0), a, counts), mix(vec4(1.0), b, counts), q, rest, isBelow);
  vec4 left = vec4(rest);
  left = mix(left, abs(b) - left, isBelow);
  return mix(a - b * floor(a / b), mix(left, 0.0 - left, lessThan(b, vec4(0.0))), counts);
}`;

/**
 * ln x in two floats, by Cephes's polynomial of logf whose larger terms are kept with what their rounding loses: a power multiplies it by
 * up to its exponent.
 *
 * @see Dekker 1971, "A floating-point technique for extending the available precision"
 */
export const LOGARITHM = `
vec4 productLoss(vec4 a, vec4 b, vec4 product) {
  vec4 s = 4097.0 * a, t = 4097.0 * b;
  vec4 ah = s - (s - a), bh = t - (t - b);
  vec4 al = a - ah, bl = b - bh;
  return ((ah * bh - product) + ah * bl + al * bh) + al * bl;
}
vec4 sumLoss(vec4 a, vec4 b, vec4 sum) {
  vec4 part = sum - a;
  return (a - (sum - part)) + (b - part);
}
vec4 logarithm(vec4 x, out vec4 loss) {
  bvec4 isSmall = lessThan(x, vec4(1.17549435e-38));
  uvec4 bits = floatBitsToUint(mix(x, x * 16777216.0, isSmall));
  vec4 e = vec4(ivec4(bits >> 23) - 126) - mix(vec4(0.0), vec4(24.0), isSmall);
  vec4 m = uintBitsToFloat((bits & 0x007fffffu) | 0x3f000000u);
  bvec4 isLow = lessThan(m, vec4(0.70710678));
  e = mix(e, e - 1.0, isLow);
  vec4 f = mix(m, m + m, isLow) - 1.0;
  vec4 z = f * f;
  vec4 p = vec4(7.0376836292e-2);
  p = p * f - 1.1514610310e-1;
  p = p * f + 1.1676998740e-1;
  p = p * f - 1.2420140846e-1;
  p = p * f + 1.4249322787e-1;
  p = p * f - 1.6668057665e-1;
  p = p * f + 2.0000714765e-1;
  p = p * f - 2.4999993993e-1;
  p = p * f + 3.3333331174e-1;
  vec4 near = f - 0.5 * z;
  vec4 nearLoss = sumLoss(f, -0.5 * z, near) - 0.5 * productLoss(f, f, z);
  vec4 far = e * 0.693359375;
  vec4 sum = far + near;
  vec4 rest = sumLoss(far, near, sum) + nearLoss + (p * f * z - e * 2.12194440e-4);
  vec4 result = sum + rest;
  loss = rest - (result - sum);
  return result;
}`;

export const LOG = `
vec4 naturalLog(vec4 x) {
  vec4 loss;
  vec4 result = logarithm(x, loss);
  result += loss;
  result = mix(result, x, not(lessThan(x, vec4(infinity()))));
  result = mix(result, vec4(minusInfinity()), equal(x, vec4(0.0)));
  return mix(mix(result, vec4(notANumber()), lessThan(x, vec4(0.0))), x, isNaN(x));
}`;

/** xʸ as JavaScript has it, but for signs of zeros. */
export const POWER = `
vec4 power(vec4 x, vec4 y) {
  vec4 size = abs(x), loss;
  bvec4 isZero = equal(size, vec4(0.0)), isEnd = either(isZero, equal(size, vec4(infinity())));
  vec4 log_ = logarithm(mix(size, vec4(1.0), isEnd), loss);
  vec4 product = y * log_, result = exponential(product);
  vec4 rest = productLoss(y, log_, product) + y * loss;
  result = mix(result, result + result * rest, both(isFinite(rest), isFinite(result)));
  bvec4 isNegative = lessThan(x, vec4(0.0)), isWhole = equal(floor(y), y);
  result = mix(result, vec4(notANumber()), both(isNegative, not(isWhole)));
  vec4 end = mix(vec4(0.0), vec4(infinity()), notEqual(isZero, greaterThan(y, vec4(0.0))));
  result = mix(result, end, isEnd);
  // From 2^24 on every float is even.
  uvec4 exponent = uvec4(mix(vec4(0.0), abs(y), both(isWhole, lessThan(abs(y), vec4(16777216.0)))));
  result = mix(result, -result, both(isNegative, notEqual(exponent & 1u, uvec4(0u))));
  result = mix(mix(result, y, isNaN(y)), x, isNaN(x));
  return mix(result, vec4(1.0), equal(y, vec4(0.0)));
}`;
