import * as tf from '@tensorflow/tfjs-core';
import { columnSums } from './fused/column-sums.js';
import { fusedOp } from './fused/fused-op.js';
import type { Parameters } from './parameters.js';

/** x [N, W] → [N, W] */
export type LayerNorm = (x: tf.Tensor2D) => tf.Tensor2D;

// Ba et al.'s code has 1e-5, and so has everybody since.
const EPSILON = 1e-5;

/**
 * Layer normalisation with a learnt gain, which starts at 1, and bias, which starts at 0:
 *
 *   y = γ ∘ (x − μ) / √(σ² + ε) + β, with μ and σ² the mean and variance of a row
 *
 * Parameters: `key/gain` [W] and `key/bias` [W].
 *
 * @see Ba, Kiros & Hinton 2016, arXiv:1607.06450, eq. 3 and 4
 */
export function createLayerNorm(parameters: Parameters, key: string, width: number): LayerNorm {
  const gain = parameters.bias(`${key}/gain`, new Float32Array(width).fill(1));
  const bias = parameters.bias(`${key}/bias`, new Float32Array(width));
  return (x) => layerNorm(x, gain, bias);
}

/**
 * @param x    [N, W]
 * @param gain γ, [W]
 * @param bias β, [W]
 */
export function layerNorm(x: tf.Tensor2D, gain: tf.Tensor1D, bias: tf.Tensor1D): tf.Tensor2D {
  return fusedOp([x, gain, bias], {
    shape: x.shape,
    composed: () => composed(x, gain, bias),
    host: (...values) => onHost(values as [Float32Array, Float32Array, Float32Array], x.shape[1]),
  });
}

/**
 * With its own gradient: the tape's would sum over rows where it sums over columns, which some engines do by
 * transposing.
 */
function composed(x: tf.Tensor2D, gain: tf.Tensor1D, bias: tf.Tensor1D): tf.Tensor2D {
  return tf.customGrad((...args) => {
    const save = args.at(-1) as unknown as tf.GradSaveFunc;
    const centred = tf.sub(x, tf.mean(x, 1, true));
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), 1, true), EPSILON)); // 1/√(σ² + ε), [N, 1]
    const normal = tf.mul(centred, inverse);
    save([normal, inverse, gain]);
    return {
      value: tf.add(tf.mul(normal, gain), bias),
      gradFunc(dOutput: tf.Tensor, saved: tf.Tensor[]) {
        const [normal, inverse, gain] = saved as [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D];
        const dNormal = tf.mul(dOutput, gain);
        const along = tf.mean(tf.mul(dNormal, normal), 1, true);
        const dCentred = tf.sub(tf.sub(dNormal, tf.mean(dNormal, 1, true)), tf.mul(normal, along));
        return [tf.mul(dCentred, inverse), columnSums(tf.mul(dOutput, normal)), columnSums(dOutput as tf.Tensor2D)];
      },
    };
  })(x, gain, bias) as tf.Tensor2D;
}

function onHost([x, gain, bias]: [Float32Array, Float32Array, Float32Array], width: number) {
  const rows = x.length / width;
  const normal = new Float32Array(x.length);
  const output = new Float32Array(x.length);
  const inverses = new Float64Array(rows);
  for (let n = 0; n < rows; n++) {
    const at = n * width;
    let mean = 0;
    for (let w = 0; w < width; w++) mean += x[at + w];
    mean /= width;
    let variance = 0;
    for (let w = 0; w < width; w++) variance += (x[at + w] - mean) ** 2;
    const inverse = 1 / Math.sqrt(variance / width + EPSILON);
    inverses[n] = inverse;
    for (let w = 0; w < width; w++) {
      normal[at + w] = (x[at + w] - mean) * inverse;
      output[at + w] = normal[at + w] * gain[w] + bias[w];
    }
  }
  return {
    output,
    backward(dOutput: Float32Array) {
      const dx = new Float32Array(x.length);
      const dGain = new Float64Array(width);
      const dBias = new Float64Array(width);
      for (let n = 0; n < rows; n++) {
        const at = n * width;
        let mean = 0;
        let along = 0;
        for (let w = 0; w < width; w++) {
          const d = dOutput[at + w];
          dBias[w] += d;
          dGain[w] += d * normal[at + w];
          mean += d * gain[w];
          along += d * gain[w] * normal[at + w];
        }
        mean /= width;
        along /= width;
        for (let w = 0; w < width; w++) {
          dx[at + w] = inverses[n] * (dOutput[at + w] * gain[w] - mean - normal[at + w] * along);
        }
      }
      return [dx, Float32Array.from(dGain), Float32Array.from(dBias)];
    },
  };
}
