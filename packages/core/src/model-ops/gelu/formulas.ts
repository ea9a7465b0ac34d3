import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { slopeOfSigmoid } from '../gates.js';
import type { GeluApproximation } from './spec.js';

/** GELU of each number, and its derivative. */
interface Formulas {
  value(x: Tensor): Tensor;
  slope(x: Tensor): Tensor;
}

const DENSITY_AT_ZERO = 1 / Math.sqrt(2 * Math.PI);

/** Φ(x) = ½ (1 + erf(x/√2)) */
const normalDistribution = (x: Tensor): Tensor => tf.mul(0.5, tf.add(1, tf.erf(tf.mul(x, Math.SQRT1_2))));

const SLOPE = 2 * Math.sqrt(2 / Math.PI);
const CUBIC = 0.044715;

/** σ(2√(2/π)(x + 0.044715x³)), which is ½(1 + tanh(√(2/π)(x + 0.044715x³))) with fewer passes over the numbers. */
const nearlyNormal = (x: Tensor): Tensor => tf.sigmoid(tf.mul(x, tf.add(SLOPE, tf.mul(SLOPE * CUBIC, tf.square(x)))));

export const GELU_FORMULAS: Readonly<Record<GeluApproximation, Formulas>> = {
  none: {
    value: (x) => tf.mul(x, normalDistribution(x)),
    /** Φ(x) + x·φ(x), with φ(x) = exp(−x²/2)/√(2π). */
    slope(x) {
      const density = tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), DENSITY_AT_ZERO);
      return tf.add(normalDistribution(x), tf.mul(x, density));
    },
  },
  tanh: {
    value: (x) => tf.mul(x, nearlyNormal(x)),
    slope(x) {
      const share = nearlyNormal(x);
      const inner = tf.add(SLOPE, tf.mul(3 * SLOPE * CUBIC, tf.square(x)));
      return tf.add(share, tf.mul(tf.mul(x, inner), slopeOfSigmoid(share)));
    },
  },
};
