import { exp } from '../exp.js';

/** 1 / (1 + e⁻ˣ), from the exponential that is at most 1, so that a small result keeps its digits. */
export function sigmoid(x: number): number {
  const e = exp(-Math.abs(x));
  return (x < 0 ? e : 1) / (1 + e);
}
