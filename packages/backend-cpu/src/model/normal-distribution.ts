import { exp } from '../exp.js';

/**
 * Φ(x) of the normal distribution to 1.3e-7 of the smaller of Φ(x) and 1 − Φ(x): of the upper tail Q, Q(|x|)·exp(x²/2) is a polynomial of
 * t = 1/(1 + 0.3|x|), whose coefficients have the smallest relative error up to |x| = 13.3 (found by Lawson's algorithm; the form is that
 * of Hastings 1955, sheet 61).
 */
export const normalDistribution = (x: number): number => distributionAt(x, exp(-0.5 * x * x));

/** The same from e = exp(−x²/2), for those who need that too. */
export function distributionAt(x: number, e: number): number {
  const t = 1 / (1 + 0.3 * Math.abs(x));
  const tail = e * t * (C1 + t * (C2 + t * (C3 + t * (C4 + t * (C5 + t * (C6 + t * (C7 + t * C8)))))));
  return x < 0 ? tail : 1 - tail;
}

const C1 = 0.11962516606613803;
const C2 = 0.12081688378801048;
const C3 = 0.09952311908394221;
const C4 = 0.12984322133375342;
const C5 = -0.056095484567977826;
const C6 = 0.2089641270450185;
const C7 = -0.158713320984333;
const C8 = 0.03603622716290202;
