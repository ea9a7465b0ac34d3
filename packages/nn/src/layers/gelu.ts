import * as tf from '@tensorflow/tfjs-core';

const DENSITY_AT_ZERO = 1 / Math.sqrt(2 * Math.PI);

/**
 * Gaussian error linear unit, x·Φ(x), with Φ(x) = ½ (1 + erf(x/√2)) the distribution function of the normal distribution: the exact form,
 * not its approximation by tanh. Its gradient is Φ(x) + x·φ(x), with φ(x) = exp(−x²/2)/√(2π).
 *
 * @see Hendrycks & Gimpel 2016, arXiv:1606.08415, §2
 */
export function gelu<T extends tf.Tensor>(x: T): T {
  return tf.customGrad((...args) => {
    const save = args.at(-1) as tf.GradSaveFunc;
    save([x]);
    return {
      value: tf.mul<tf.Tensor>(x, normalDistribution(x)),
      gradFunc(dOutput: tf.Tensor, [saved]: tf.Tensor[]) {
        const density = tf.mul(tf.exp(tf.mul(tf.square(saved), -0.5)), DENSITY_AT_ZERO);
        return tf.mul(dOutput, tf.add(normalDistribution(saved), tf.mul(saved, density)));
      },
    };
  })(x) as T;
}

/** Φ(x) */
const normalDistribution = (x: tf.Tensor): tf.Tensor => tf.mul(0.5, tf.add(1, tf.erf(tf.mul(x, Math.SQRT1_2))));
