/** 1 / (1 + e⁻ˣ); for x → −∞ the exponential overflows to ∞ and the result is 0, as it should be. */
export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
