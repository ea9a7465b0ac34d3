/** What the language lacks, or leaves to the driver to be imprecise about. */

/** Code for each row of a tile: `#` stands for its number. Unrolled, as drivers index vectors slowly by variables. */
export const eachRow = (code: string): string => [0, 1, 2, 3].map((k) => code.replaceAll('#', String(k))).join('\n');

/**
 * The score of what takes no part, `MASKED` in every shader: the lowest number of the textures' format. An infinity would not
 * do, as a driver may store another thing for it (SwiftShader, in 16 bits, NaN).
 */
export const maskedScore = (floatBits: 16 | 32): string => (floatBits === 16 ? '-65504.0' : '-3.4028234e38');

/** Code that parts of a shader may each bring along. */
const once = (name: string, code: string): string => `
#ifndef ${name}
#define ${name}
${code.trim()}
#endif`;

/**
 * Tests that don't depend on whether a driver believes in NaN and infinities: by bits, as a compiler may take what is not at most a number to
 * be above it (Mesa's does).
 */
export const FLOATS = `
const uint EXPONENT = 0x7f800000u;
const uint LOWEST = floatBitsToUint(MASKED);
float notANumber() { return uintBitsToFloat(0x7fc00000u); }
float infinity() { return uintBitsToFloat(EXPONENT); }
float minusInfinity() { return uintBitsToFloat(0xff800000u); }
bvec4 isMasked(vec4 scores) { return lessThanEqual(floatBitsToUint(scores) - LOWEST, uvec4(0xff800000u - LOWEST)); }
bvec4 isMinusInfinity(vec4 x) { return equal(floatBitsToUint(x), uvec4(0xff800000u)); }
bvec4 isNaN(vec4 x) { return greaterThan(floatBitsToUint(x) & 0x7fffffffu, uvec4(EXPONENT)); }
bvec4 isFinite(vec4 x) { return notEqual(floatBitsToUint(x) & EXPONENT, uvec4(EXPONENT)); }
bool isFinite(mat4 x) { return all(isFinite(x[0])) && all(isFinite(x[1])) && all(isFinite(x[2])) && all(isFinite(x[3])); }
vec4 finiteOrZero(vec4 x) { return mix(vec4(0.0), x, isFinite(x)); }
mat4 finiteOrZero(mat4 x) { return mat4(finiteOrZero(x[0]), finiteOrZero(x[1]), finiteOrZero(x[2]), finiteOrZero(x[3])); }
bvec4 both(bvec4 x, bvec4 y) { return bvec4(x.x && y.x, x.y && y.y, x.z && y.z, x.w && y.w); }
bvec4 either(bvec4 x, bvec4 y) { return bvec4(x.x || y.x, x.y || y.y, x.z || y.z, x.w || y.w); }
float maxOf(vec4 x) { return max(max(x.x, x.y), max(x.z, x.w)); }
float sumOf(vec4 x) { return (x.x + x.y) + (x.z + x.w); }`;

/**
 * e^x to 2 ulps; 0 where that is below the smallest normal number, NaN for NaN. The built-in function's error grows with x.
 *
 * e^x = 2^n·e^r with |r| ≤ ln 2 / 2, and the polynomial of Cephes's expf for e^r.
 */
export const EXP = once(
  'HAS_EXP',
  `
vec4 exponential(vec4 x) {
  vec4 bounded = clamp(x, -87.33654, 88.72283);
  vec4 n = floor(bounded * 1.44269504 + 0.5);
  vec4 r = bounded - n * 0.693359375 + n * 2.12194440e-4;
  vec4 p = vec4(1.9875691500e-4);
  p = p * r + 1.3981999507e-3;
  p = p * r + 8.3334519073e-3;
  p = p * r + 4.1665795894e-2;
  p = p * r + 1.6666665459e-1;
  p = p * r + 0.5;
  p = p * r * r + r + 1.0;
  // In two steps: 2^n alone may be past the largest number.
  ivec4 half_ = ivec4(n) / 2;
  vec4 result = p * intBitsToFloat((half_ + 127) << 23) * intBitsToFloat((ivec4(n) - half_ + 127) << 23);
  result = mix(result, vec4(0.0), lessThan(x, vec4(-87.33654)));
  result = mix(result, vec4(infinity()), greaterThan(x, vec4(88.72283)));
  return mix(result, x, isNaN(x));
}`,
);

/** tanh(x) to 3 ulps, by Cephes's polynomial near 0; and 1 − tanh²(x) without the loss of a subtraction. */
export const TANH = once(
  'HAS_TANH',
  `
vec4 tangent(vec4 x) {
  vec4 z = x * x;
  vec4 p = vec4(-5.70498872745e-3);
  p = p * z + 2.06390887954e-2;
  p = p * z - 5.37397155531e-2;
  p = p * z + 1.33314422036e-1;
  p = p * z - 3.33332819422e-1;
  vec4 far = 1.0 - 2.0 / (1.0 + exponential(2.0 * x));
  return mix(far, p * z * x + x, lessThan(abs(x), vec4(0.625)));
}
vec4 slopeOfTangent(vec4 x) {
  vec4 e = exponential(-2.0 * abs(x));
  vec4 sum = 1.0 + e;
  return 4.0 * e / (sum * sum);
}`,
);

/**
 * The first word of Philox 4×32-10 for counter (low, high, 0, 0), and weights' factors. Products of 32 bits are put together from
 * those of 16.
 *
 * @see Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"
 */
export const DROPOUT = `
uint upperProduct(uint a, uint b) {
  uint al = a & 0xffffu, ah = a >> 16, bl = b & 0xffffu, bh = b >> 16;
  uint middle = ah * bl + ((al * bl) >> 16);
  uint other = al * bh + (middle & 0xffffu);
  return ah * bh + (middle >> 16) + (other >> 16);
}
uint philox(uint low, uint high) {
  uint c0 = low, c1 = high, c2 = 0u, c3 = 0u, k0 = uint(seedLow), k1 = uint(seedHigh);
  for (int round = 0; round < 10; round++) {
    uint p0 = 0xd2511f53u * c0, p1 = 0xcd9e8d57u * c2;
    uint q0 = upperProduct(0xd2511f53u, c0), q1 = upperProduct(0xcd9e8d57u, c2);
    c0 = q1 ^ c1 ^ k0;
    c1 = p1;
    c2 = q0 ^ c3 ^ k1;
    c3 = p0;
    k0 += 0x9e3779b9u;
    k1 += 0xbb67ae85u;
  }
  return c0;
}
float dropoutFactor(int row, int j, int keys) {
  uint low = uint(row) * uint(keys);
  uint high = upperProduct(uint(row), uint(keys));
  uint index = low + uint(j);
  if (index < low) high++;
  return philox(index, high) >= uint(dropThreshold) ? dropScale : 0.0;
}
vec4 dropoutFactors(int row, int j, int keys) {
  return vec4(dropoutFactor(row, j, keys), dropoutFactor(row, j + 1, keys),
    dropoutFactor(row, j + 2, keys), dropoutFactor(row, j + 3, keys));
}`;
