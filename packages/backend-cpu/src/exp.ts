/**
 * eˣ for x ≤ 709, about four times faster than Math.exp: x = (64·n + j)·ln2/64 + r with |r| ≤ ln2/128, so that
 * eˣ = 2ⁿ · 2^(j/64) · eʳ with two table look-ups and a polynomial. Relative error below 5e-16; results under e^−708
 * are 0, which is far under anything that survives next to a largest term of 1.
 *
 * @see Tang 1989, "Table-driven implementation of the exponential function", doi:10.1145/63522.214389
 */
export function exp(x: number): number {
  if (!(x > SMALLEST)) return x < 0 ? 0 : NaN;
  const k = x * STEPS_PER_LN2 + ROUND - ROUND;
  const r = x - k * STEP_HIGH - k * STEP_LOW;
  const i = k | 0;
  // r⁶/720 < 4e-17, so five terms are enough.
  const tail = r * r * (0.5 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120))));
  const power = FRACTIONS[i & (STEPS - 1)];
  return (power + power * (r + tail)) * POWERS[(i >> STEP_BITS) + POWER_BIAS];
}

const STEP_BITS = 6;
const STEPS = 1 << STEP_BITS;
const STEPS_PER_LN2 = STEPS / Math.LN2;
/** Adding and subtracting 1.5·2⁵² rounds a double of magnitude under 2⁵¹ to the nearest integer. */
const ROUND = 1.5 * 2 ** 52;
/** ln2/64 in two parts; the first has 21 zero bits at its end, so a multiple of it is exact. */
const STEP_HIGH = 6.9314718036912381649e-1 / STEPS;
const STEP_LOW = 1.90821492927058770002e-10 / STEPS;
/** 2^(x/ln2) is still a normal double here. */
const SMALLEST = -708;
const POWER_BIAS = 1022;

const FRACTIONS = /* @__PURE__ */ Float64Array.from({ length: STEPS }, (_, j) => 2 ** (j / STEPS));
const POWERS = /* @__PURE__ */ Float64Array.from({ length: 2 * POWER_BIAS + 2 }, (_, n) => 2 ** (n - POWER_BIAS));
