import * as tf from '@tensorflow/tfjs-core';
import type { Layer } from './layer.js';

/** W₂ f(W₁ x) */
export const feedForward =
  (up: Layer, activation: Layer, down: Layer): Layer =>
  (x) =>
    down(activation(up(x)));

/**
 * W₂ (f(W_g x) ∘ W₁ x)
 *
 * @see Shazeer 2020, arXiv:2002.05202
 */
export const gatedFeedForward =
  (gate: Layer, activation: Layer, up: Layer, down: Layer): Layer =>
  (x) =>
    down(tf.mul(activation(gate(x)), up(x)));
