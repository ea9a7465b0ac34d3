import * as tf from '@tensorflow/tfjs-core';
import { linear, splitHeads } from '../../linear.js';

/** What a gate lets through by itself: each number of a head's context, or a head as a whole. */
export const GATES = ['elementwise', 'headwise'] as const;
export type Gate = (typeof GATES)[number];

/** Outputs of the gate's kernel. */
export const gateWidth = (gate: Gate, heads: number, valueWidth: number): number =>
  gate === 'headwise' ? heads : heads * valueWidth;

/**
 * σ(x·W): [N, T, Q] → [N, H, T, Dv], or [N, H, T, 1] headwise.
 *
 * @see Qiu et al. 2025, arXiv:2505.06708, §2.2, position G1
 */
export const gateOf = (query: tf.Tensor3D, kernel: tf.Tensor, heads: number): tf.Tensor4D =>
  splitHeads(tf.sigmoid(linear(query, kernel)), heads);
