import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { runModelOp } from '../run.js';
import { composedTanhLayer } from './composed.js';
import { tanhLayerSpec } from './spec.js';

/**
 * tanh(Σ terms + bias).
 *
 * @param terms each [N, W]
 * @param bias  [W]
 * @throws HeedError SHAPE_MISMATCH
 */
export const tanhLayer = (terms: readonly Tensor2D[], bias: Tensor1D): Tensor2D =>
  runModelOp(tanhLayerSpec, composedTanhLayer, { terms, bias }, {}).y as Tensor2D;
