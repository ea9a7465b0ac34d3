import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { runModelOp } from '../run.js';
import { composedRectifiedLayer } from './composed.js';
import { rectifiedLayerSpec } from './spec.js';

/**
 * max(0, x + bias).
 *
 * @param x    [N, W]
 * @param bias [W]
 * @throws HeedError SHAPE_MISMATCH
 */
export const rectifiedLayer = (x: Tensor2D, bias: Tensor1D): Tensor2D =>
  runModelOp(rectifiedLayerSpec, composedRectifiedLayer, { x, bias }, {}).y as Tensor2D;
