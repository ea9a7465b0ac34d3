import * as tf from '@tensorflow/tfjs-core';
import { fusedOp } from './fused-op.js';

/**
 * tanh(Σ terms + bias).
 *
 * @param terms each [N, W]
 * @param bias  [W]
 */
export function tanhLayer(terms: readonly tf.Tensor2D[], bias: tf.Tensor1D): tf.Tensor2D {
  const [rows, width] = terms[0].shape;
  return fusedOp([...terms, bias], {
    shape: [rows, width],
    composed: () => tf.tanh(tf.add(tf.addN([...terms]), bias)),
    host(...values) {
      const output = sum(values, width);
      for (let n = 0; n < output.length; n++) output[n] = Math.tanh(output[n]);
      return {
        output,
        backward(dOutput) {
          const gradient = dOutput.map((d, n) => d * (1 - output[n] * output[n]));
          return [...terms.map(() => gradient), columnSums(gradient, width)];
        },
      };
    },
  });
}

/**
 * Maxout over pairs: unit j is the greater of columns j and W + j of Σ terms + bias.
 *
 * @param terms each [N, 2W]
 * @param bias  [2W]
 * @returns [N, W]
 * @see Goodfellow et al. 2013, arXiv:1302.4389. The paper's pairs are neighbours; which columns form a pair is a matter of
 *   numbering.
 */
export function maxoutLayer(terms: readonly tf.Tensor2D[], bias: tf.Tensor1D): tf.Tensor2D {
  const [rows, doubled] = terms[0].shape;
  const width = doubled / 2;
  return fusedOp([...terms, bias], {
    shape: [rows, width],
    composed() {
      const [a, b] = tf.split(tf.add(tf.addN([...terms]), bias), 2, 1) as [tf.Tensor, tf.Tensor];
      return tf.maximum(a, b);
    },
    host(...values) {
      const pieces = sum(values, doubled);
      const output = new Float32Array(rows * width);
      for (let n = 0; n < rows; n++) {
        for (let w = 0; w < width; w++) {
          output[n * width + w] = Math.max(pieces[n * doubled + w], pieces[n * doubled + width + w]);
        }
      }
      return {
        output,
        backward(dOutput) {
          const gradient = new Float32Array(rows * doubled);
          for (let n = 0; n < rows; n++) {
            for (let w = 0; w < width; w++) {
              const first = n * doubled + w;
              // A tie goes to the first, as in tf.maximum.
              const to = pieces[first] >= pieces[first + width] ? first : first + width;
              gradient[to] = dOutput[n * width + w];
            }
          }
          return [...terms.map(() => gradient), columnSums(gradient, doubled)];
        },
      };
    },
  });
}

/** x + bias along the rows: x [N, W], bias [W]. */
export function addBias(x: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  const [rows, width] = x.shape;
  return fusedOp([x, bias], {
    shape: [rows, width],
    composed: () => tf.add(x, bias),
    host: (...values) => ({
      output: sum(values, width),
      backward: (dOutput) => [dOutput, columnSums(dOutput, width)],
    }),
  });
}

/** Σ terms + bias, the bias being last; summed in double precision. */
export function sum(values: readonly Float32Array[], width: number): Float32Array {
  const [first, ...rest] = values.slice(0, -1);
  const bias = values.at(-1)!;
  const output = new Float32Array(first!.length);
  for (let row = 0; row < output.length; row += width) {
    for (let w = 0; w < width; w++) {
      let total = first![row + w] + bias[w];
      for (const term of rest) total += term[row + w];
      output[row + w] = total;
    }
  }
  return output;
}

export function columnSums(values: Float32Array, width: number): Float32Array {
  const sums = new Float64Array(width);
  for (let row = 0; row < values.length; row += width) {
    for (let w = 0; w < width; w++) sums[w] += values[row + w];
  }
  return Float32Array.from(sums);
}
