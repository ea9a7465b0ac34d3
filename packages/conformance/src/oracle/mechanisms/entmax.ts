import type { Node } from '../tape.js';
import type { Maths, Open, Vector } from './maths.js';

/** Halvings of the interval of τ, of length 1: more than a float64 has bits. */
const HALVINGS = 80;

/**
 * Peters, Niculae & Martins 2019, eq. 8: p_j = [(α − 1)·s_j − τ]₊^(1/(α − 1)) with τ so that they sum to 1. τ is found by bisection; a step
 * of Newton from there leaves it as it is, and has its derivatives.
 *
 * @param alpha above 1
 */
export function entmax(maths: Maths, scores: Vector, open: Open, alpha: Node): Vector {
  const slope = maths.sub(alpha, maths.constant(1));
  const exponent = maths.div(maths.constant(1), slope);
  const z = scores.map((score) => maths.mul(slope, score));
  const taking = z.filter((_, j) => open(j));
  if (taking.length === 0) return scores.map(() => maths.constant(0));
  const e = maths.value(exponent);
  const sumOf = (tau: number, power: number): number =>
    taking.reduce((sum, x) => sum + (maths.value(x) > tau ? (maths.value(x) - tau) ** power : 0), 0);
  const greatest = Math.max(...taking.map((x) => maths.value(x)));
  let [low, high] = [greatest - 1, greatest];
  for (let n = 0; n < HALVINGS; n++) {
    const middle = (low + high) / 2;
    if (sumOf(middle, e) >= 1) low = middle;
    else high = middle;
  }
  const found = maths.constant(low);
  const inSupport = (x: Node): boolean => maths.value(x) > maths.value(found);
  const powers = (tau: Node): Vector =>
    taking.flatMap((x) => (inSupport(x) ? [maths.pow(maths.sub(x, tau), exponent)] : []));
  const excess = maths.sub(maths.sum(powers(found)), maths.constant(1));
  const tau = maths.add(found, maths.scaled(excess, 1 / (e * sumOf(low, e - 1))));
  return z.map((x, j) => (open(j) && inSupport(x) ? maths.pow(maths.sub(x, tau), exponent) : maths.constant(0)));
}
