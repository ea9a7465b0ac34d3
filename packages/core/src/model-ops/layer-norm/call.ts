import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { runModelOp } from '../run.js';
import { composedLayerNorm } from './composed.js';
import { layerNormSpec } from './spec.js';

/** ε as in Ba et al.'s code, and everybody's since. */
const EPSILON = 1e-5;

/**
 * Layer normalisation: y = γ ∘ (x − μ) / √(σ² + ε) + β, with μ and σ² the mean and variance of a row.
 *
 * @param x    [N, W]
 * @param gain γ, [W]
 * @param bias β, [W]
 * @param epsilon ε; 1e-5 by default
 * @throws HeedError SHAPE_MISMATCH
 * @see Ba, Kiros & Hinton 2016, arXiv:1607.06450, eq. 3 and 4
 */
export const layerNorm = (x: Tensor2D, gain: Tensor1D, bias: Tensor1D, epsilon = EPSILON): Tensor2D =>
  runModelOp(layerNormSpec, composedLayerNorm, { x, gain, bias }, { epsilon }).y as Tensor2D;
