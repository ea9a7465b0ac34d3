/**
 * Added to what a symbol of the source is attended to with, so that a target that can only be copied has a finite loss and
 * a gradient when all weights on it round to 0. Far below float32's resolution of a probability near 1.
 */
export const LEAST_ATTENTION = 1e-12;

/** log σ(x) */
export const logSigmoid = (x: number): number => (x < 0 ? x - Math.log1p(Math.exp(x)) : -Math.log1p(Math.exp(-x)));

/** log(eᵃ + eᵇ) */
export function logAddExp(a: number, b: number): number {
  const greater = Math.max(a, b);
  return greater === -Infinity ? greater : greater + Math.log1p(Math.exp(Math.min(a, b) - greater));
}
