import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { runModelOp } from '../run.js';
import { composedAddResidual } from './composed.js';
import { addResidualSpec } from './spec.js';

/**
 * x + y + bias: a residual connection around a layer with a bias.
 *
 * @param x    [N, W]
 * @param y    [N, W]
 * @param bias [W]
 * @throws HeedError SHAPE_MISMATCH
 */
export const addResidual = (x: Tensor2D, y: Tensor2D, bias: Tensor1D): Tensor2D =>
  runModelOp(addResidualSpec, composedAddResidual, { x, y, bias }, {}).sum as Tensor2D;
