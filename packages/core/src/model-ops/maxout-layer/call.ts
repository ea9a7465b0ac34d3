import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { runModelOp } from '../run.js';
import { composedMaxoutLayer } from './composed.js';
import { maxoutLayerSpec } from './spec.js';

/**
 * Maxout over pairs: unit j is the greater of columns j and W + j of Σ terms + bias. The gradient of a tie goes to the first.
 *
 * @param terms each [N, 2W]
 * @param bias  [2W]
 * @returns [N, W]
 * @throws HeedError SHAPE_MISMATCH
 * @see Goodfellow et al. 2013, arXiv:1302.4389. The paper's pairs are neighbours; which columns form a pair is a matter of
 *   numbering.
 */
export const maxoutLayer = (terms: readonly Tensor2D[], bias: Tensor1D): Tensor2D =>
  runModelOp(maxoutLayerSpec, composedMaxoutLayer, { terms, bias }, {}).y as Tensor2D;
