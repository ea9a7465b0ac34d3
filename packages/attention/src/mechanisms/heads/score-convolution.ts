import * as tf from '@tensorflow/tfjs-core';
import type { ParameterSpec } from '../../parameters.js';

/**
 * out[h, i, j] = Σ_{a,b} kernel[h, a, b]·x[h, i − (cq − 1) + a, j − (ck − 1)/2 + b], 0 outside: each head with its own kernel, whose last
 * row is the query itself and whose middle column the key itself. A sum of shifted tensors, which every engine has the gradients of.
 *
 * @param x [N, H, T, Tk]
 * @param kernel [H, cq, ck]
 */
export function convolveScores(x: tf.Tensor, kernel: tf.Tensor): tf.Tensor4D {
  const [, heads, queries, keys] = x.shape as [number, number, number, number];
  const [, rows, columns] = kernel.shape as [number, number, number];
  if (x.size === 0) return tf.clone(x) as tf.Tensor4D;
  const side = (columns - 1) / 2;
  const padded = tf.pad(x, [
    [0, 0],
    [0, 0],
    [rows - 1, 0],
    [side, side],
  ]) as tf.Tensor4D;
  const terms: tf.Tensor4D[] = [];
  for (let a = 0; a < rows; a++) {
    for (let b = 0; b < columns; b++) {
      // All rows but the last meet padding alone where there is one query, as in each step of a decoder.
      if (queries === 1 && a < rows - 1) continue;
      const factor = tf.reshape(tf.slice(kernel, [0, a, b], [heads, 1, 1]), [1, heads, 1, 1]);
      terms.push(tf.mul(tf.slice(padded, [0, 0, a, b], [-1, -1, queries, keys]), factor));
    }
  }
  return tf.addN(terms);
}

/** Kernels that leave everything as it is. */
export const identityKernels = (heads: number, [rows, columns]: readonly [number, number]): ParameterSpec => ({
  shape: [heads, rows, columns],
  initial: () => {
    const values = new Float32Array(heads * rows * columns);
    for (let h = 0; h < heads; h++) values[(h * rows + rows - 1) * columns + (columns - 1) / 2] = 1;
    return values;
  },
});

/**
 * Adjacent heads mixed in groups: out[to] = Σ_from x[from]·kernel[group, from, to].
 *
 * @param x [N, H, T, Tk]
 * @param kernel [H/c, c, c]
 */
export function mixGroups(x: tf.Tensor4D, kernel: tf.Tensor): tf.Tensor4D {
  const [rows, heads, queries, keys] = x.shape;
  const [groups, size] = kernel.shape as [number, number, number];
  if (x.size === 0) return tf.clone(x);
  const flat = tf.reshape(x, [rows, groups, size, queries * keys]);
  const kernels = tf.tile(tf.expandDims(kernel, 0), [rows, 1, 1, 1]);
  return tf.reshape(tf.matMul(kernels, flat, true, false), [rows, heads, queries, keys]);
}
