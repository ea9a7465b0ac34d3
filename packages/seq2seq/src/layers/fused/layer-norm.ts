import * as tf from '@tensorflow/tfjs-core';
import { fusedOp } from './fused-op.js';

/**
 * gain∘(x − μ)/√(σ² + ε) + bias along the rows, μ and σ² being each row's mean and variance.
 *
 * @param x    [N, W]
 * @param gain [W]
 * @param bias [W]
 * @see Ba, Kiros & Hinton 2016, arXiv:1607.06450, eq. 4
 */
export function layerNorm(x: tf.Tensor2D, gain: tf.Tensor1D, bias: tf.Tensor1D): tf.Tensor2D {
  const [rows, width] = x.shape;
  return fusedOp([x, gain, bias], {
    shape: [rows, width],
    readsWell: true,
    composed() {
      const centred = tf.sub(x, tf.mean(x, 1, true));
      const scale = tf.rsqrt(tf.add(tf.mean(tf.square(centred), 1, true), EPSILON));
      return tf.add(tf.mul(tf.mul(centred, scale), gain), bias);
    },
    host(values, gains, biases) {
      const output = new Float32Array(values.length);
      const normalised = new Float32Array(values.length);
      const scales = new Float64Array(rows);
      for (let n = 0; n < rows; n++) {
        const at = n * width;
        let mean = 0;
        for (let w = 0; w < width; w++) mean += values[at + w]!;
        mean /= width;
        let variance = 0;
        for (let w = 0; w < width; w++) variance += (values[at + w]! - mean) ** 2;
        const scale = 1 / Math.sqrt(variance / width + EPSILON);
        scales[n] = scale;
        for (let w = 0; w < width; w++) {
          const value = (values[at + w]! - mean) * scale;
          normalised[at + w] = value;
          output[at + w] = value * gains[w]! + biases[w]!;
        }
      }
      return {
        output,
        // With x̂ the normalised row and d = gain∘dOutput: dx = (d − mean d − x̂·mean(d∘x̂)) / √(σ² + ε).
        backward(dOutput) {
          const dValues = new Float32Array(values.length);
          const dGains = new Float64Array(width);
          const dBiases = new Float64Array(width);
          for (let n = 0; n < rows; n++) {
            const at = n * width;
            let sum = 0;
            let along = 0;
            for (let w = 0; w < width; w++) {
              const d = dOutput[at + w]!;
              dGains[w]! += d * normalised[at + w]!;
              dBiases[w]! += d;
              sum += d * gains[w]!;
              along += d * gains[w]! * normalised[at + w]!;
            }
            sum /= width;
            along /= width;
            for (let w = 0; w < width; w++) {
              dValues[at + w] = (dOutput[at + w]! * gains[w]! - sum - normalised[at + w]! * along) * scales[n]!;
            }
          }
          return [dValues, Float32Array.from(dGains), Float32Array.from(dBiases)];
        },
      };
    },
  });
}

// For a row of equal values; small beside the variance of any other.
const EPSILON = 1e-5;
