import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * tanh x with a small relative error also where x is small. Engines find it from exponentials, which is off by as much as for
 * large numbers: of tanh 1e-7 nothing is right on webgl.
 */
export function tanh(x: Tensor): Tensor {
  return nearAndFar(x, x, tf.tanh(x));
}

/** cap·tanh(x / cap); x itself where the cap is out of reach, also where x / cap is too small for a float. */
export function softCapped(x: Tensor, cap: number): Tensor {
  const ratio = tf.div(x, cap);
  return nearAndFar(ratio, x, tf.mul(tf.tanh(ratio), cap));
}

/** Below, x²ⁿ in the series of tanh x / x that are left out are worth less than 2⁻²⁶; above, an absolute error of 2⁻²⁴ is 2⁻²¹. */
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
