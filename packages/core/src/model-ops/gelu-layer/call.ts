import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { checkApproximation } from '../gelu/check.js';
import type { GeluApproximation } from '../gelu/spec.js';
import { runModelOp } from '../run.js';
import { composedGeluLayer } from './composed.js';
import { geluLayerSpec } from './spec.js';

/**
 * GELU of x + bias.
 *
 * @param x    [N, W]
 * @param bias [W]
 * @param approximate as in `gelu`
 * @throws HeedError INVALID_ARGUMENT, SHAPE_MISMATCH
 * @see Hendrycks & Gimpel 2016, arXiv:1606.08415, §2
 */
export function geluLayer(x: Tensor2D, bias: Tensor1D, approximate: GeluApproximation = 'none'): Tensor2D {
  checkApproximation('geluLayer', approximate);
  return runModelOp(geluLayerSpec, composedGeluLayer, { x, bias }, { approximate }).y as Tensor2D;
}
