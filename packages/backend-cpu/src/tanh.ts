import { exp } from './exp.js';

/** tanh x to a few 2⁻⁵³ of itself: by its series where x is small, and else from exp, which is off by as much at any size. */
export function tanh(x: number): number {
  const size = Math.abs(x);
  if (size < NEAR) {
    const z = x * x;
    return x - x * z * (1 / 3 - z * (2 / 15 - (z * 17) / 315));
  }
  const e = exp(-2 * size);
  const t = (1 - e) / (1 + e);
  return x < 0 ? -t : t;
}

/** The first term of the series that is left out is 62/2835·x⁸, under 2⁻⁵⁸ of the whole. */
const NEAR = 0.01;

/** 1 − tanh² x, without the loss of that subtraction. */
export function tanhSlope(x: number): number {
  const e = exp(-2 * Math.abs(x));
  return (4 * e) / ((1 + e) * (1 + e));
}
