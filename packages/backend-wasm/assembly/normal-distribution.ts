import { exp4, madd, one } from './vector';

/**
 * The normal distribution, four numbers at a time. Of its upper tail Q, Q(|x|)·exp(x²/2) is a polynomial of t = 1/(1 + 0.3|x|), whose
 * coefficients have the smallest relative error up to |x| = 13.3, 1.3e-7 (found by Lawson's algorithm; the form is that of Hastings 1955,
 * sheet 61). Constants are globals for the reason that vector.ts gives.
 */
let minusHalf: v128 = f32x4.splat(0);
let densityAtZero: v128 = f32x4.splat(0);
let pole: v128 = f32x4.splat(0);
let tailC8: v128 = f32x4.splat(0);
let tailC7: v128 = f32x4.splat(0);
let tailC6: v128 = f32x4.splat(0);
let tailC5: v128 = f32x4.splat(0);
let tailC4: v128 = f32x4.splat(0);
let tailC3: v128 = f32x4.splat(0);
let tailC2: v128 = f32x4.splat(0);
let tailC1: v128 = f32x4.splat(0);

export function setNormalConstants(): void {
  minusHalf = f32x4.splat(-0.5);
  densityAtZero = f32x4.splat(0.3989422804014327); // 1/√(2π)
  pole = f32x4.splat(0.3);
  tailC8 = f32x4.splat(0.03603622716290202);
  tailC7 = f32x4.splat(-0.158713320984333);
  tailC6 = f32x4.splat(0.2089641270450185);
  tailC5 = f32x4.splat(-0.056095484567977826);
  tailC4 = f32x4.splat(0.12984322133375342);
  tailC3 = f32x4.splat(0.09952311908394221);
  tailC2 = f32x4.splat(0.12081688378801048);
  tailC1 = f32x4.splat(0.11962516606613803);
}

/** exp(−x²/2) */
// @ts-ignore: decorator
@inline
export function bell4(x: v128): v128 {
  return exp4(f32x4.mul(minusHalf, f32x4.mul(x, x)));
}

/** φ(x), from exp(−x²/2). */
// @ts-ignore: decorator
@inline
export function density4(bell: v128): v128 {
  return f32x4.mul(bell, densityAtZero);
}

/** Φ(x), from x and exp(−x²/2). */
// @ts-ignore: decorator
@inline
export function distribution4(x: v128, bell: v128): v128 {
  const t = f32x4.div(one, madd(one, pole, f32x4.abs(x)));
  // Estrin's scheme, whose chain of dependent steps is shorter than Horner's.
  const square = f32x4.mul(t, t);
  const low = madd(madd(tailC1, tailC2, t), square, madd(tailC3, tailC4, t));
  const high = madd(madd(tailC5, tailC6, t), square, madd(tailC7, tailC8, t));
  const p = madd(low, f32x4.mul(square, square), high);
  const tail = f32x4.mul(f32x4.mul(bell, t), p);
  return v128.bitselect(tail, f32x4.sub(one, tail), f32x4.lt(x, f32x4.splat(0)));
}
