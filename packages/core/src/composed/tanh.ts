import * as tf from '@tensorflow/tfjs-core';
import type { KernelFunc, Tensor } from '@tensorflow/tfjs-core';
import { kernelOf } from '../engine.js';
import { canReadAtOnce } from '../selections.js';

/**
 * tanh x with a small relative error also where x is small. Some engines find it from exponentials, which is off by as much as
 * for large numbers: on webgl, tanh 1e-8 is 0.
 */
export function tanh(x: Tensor): Tensor {
  return isExactForSmall() ? tf.tanh(x) : nearAndFar(x, x, tf.tanh(x));
}

/** cap·tanh(x / cap); x itself where the cap is out of reach, also where x / cap is too small for a float. */
export function softCapped(x: Tensor, cap: number): Tensor {
  const ratio = tf.div(x, cap);
  const far = tf.mul(tf.tanh(ratio), cap);
  return isExactForSmall() ? far : nearAndFar(ratio, x, far);
}

const known = new WeakMap<KernelFunc, boolean>();
const SMALL = 1e-4;

/** What the engine's tanh makes of a small number; asked once, as a kernel may be replaced but doesn't change. No where nobody can ask. */
function isExactForSmall(): boolean {
  if (!canReadAtOnce()) return false;
  const kernel = kernelOf('Tanh')!;
  let exact = known.get(kernel);
  if (exact === undefined) {
    const [found] = tf.tidy(() => tf.tanh(tf.scalar(SMALL)).dataSync());
    exact = Math.abs(found! / Math.tanh(Math.fround(SMALL)) - 1) < 2 ** -20;
    known.set(kernel, exact);
  }
  return exact;
}

/**
 * Below, terms of the series that are left out are worth less than 2⁻²⁶ of the whole; above, an absolute error of 2⁻²⁴ is one of
 * 2⁻²¹.
 */
const NEAR = 0.15;

/** scale·tanh(x)/x by the series for small x, given scaled = scale·x, and `far` elsewhere. */
function nearAndFar(x: Tensor, scaled: Tensor, far: Tensor): Tensor {
  return tf.tidy(() => {
    const square = tf.square(x);
    // 1 − z/3 + 2z²/15 − 17z³/315
    let series = tf.sub(2 / 15, tf.mul(square, 17 / 315));
    series = tf.sub(1 / 3, tf.mul(series, square));
    const near = tf.sub(scaled, tf.mul(scaled, tf.mul(series, square)));
    return tf.where(tf.less(square, NEAR ** 2), near, far);
  });
}
