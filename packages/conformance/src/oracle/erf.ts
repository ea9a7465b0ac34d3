/** The error function in float64, by its series of positive terms, 2/√π·e^(−x²) Σ 2ⁿx²ⁿ⁺¹/(1·3·…·(2n + 1)): nothing cancels. */
export function erf(x: number): number {
  if (!(Math.abs(x) < LAST)) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > Math.abs(sum) * Number.EPSILON; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** From here on, erf x is ±1 in float64. */
const LAST = 6;
