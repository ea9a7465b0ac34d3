import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * elu(x) + 1, the features of queries and keys that make linear attention positive: e^x below 0, x + 1 from there on. Made without taking
 * 1 from anything, so that small features stay exact.
 *
 * @returns shape of x
 * @see Katharopoulos et al. 2020, arXiv:2006.16236, eq. 7
 */
export const eluFeatures = (x: Tensor): Tensor =>
  // Divided by 1 for engines that hold numbers by fours (webgl): beside an odd width or length they keep what a function makes of 0, here 1, and
  // products of matrices add it up. A division leaves 0 there.
  tf.tidy(() => tf.div(tf.add(tf.exp(tf.minimum(x, 0)), tf.relu(x)), 1));

/**
 * Vectors along the last axis, divided by √(Σ x² + ε), which is about their length: keys of the delta rule, with which its state stays bounded.
 *
 * @returns shape of x
 */
export const unitVectors = (x: Tensor, epsilon = 1e-6): Tensor =>
  tf.tidy(() => tf.div(x, tf.sqrt(tf.add(tf.sum(tf.square(x), -1, true), epsilon))));

/**
 * Weights that normalised linear attention gives the values, q_i·k_j / Σ_j q_i·k_j, to be looked at: they take Tq·Tk numbers, which
 * `linearAttention` never holds. 0 where a query sees no key.
 *
 * @param query positive features [B, H, Tq, D]
 * @param key   positive features [B, H, Tk, D], 0 where there is no key
 * @returns [B, H, Tq, Tk]
 */
export function linearWeights(query: Tensor, key: Tensor, { causal }: { readonly causal: boolean }): Tensor {
  return tf.tidy(() => {
    const products = tf.matMul(query, key, false, true);
    const [queries, keys] = products.shape.slice(-2) as [number, number];
    const seen = causal ? tf.mul(products, tf.linalg.bandPart(tf.ones([queries, keys]), -1, 0)) : products;
    const sum = tf.sum(seen, -1, true);
    // Where there is no key, 0 of 1, so that the gradient is 0 too. A condition would have to have a gradient; `step` has.
    return tf.div(seen, tf.add(sum, tf.sub(1, tf.step(sum))));
  });
}
