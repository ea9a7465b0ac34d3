import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { runModelOp } from '../run.js';
import { composedAddBias } from './composed.js';
import { addBiasSpec } from './spec.js';

/**
 * x + bias along the rows.
 *
 * @param x    [N, W]
 * @param bias [W]
 * @throws HeedError SHAPE_MISMATCH
 */
export const addBias = (x: Tensor2D, bias: Tensor1D): Tensor2D =>
  runModelOp(addBiasSpec, composedAddBias, { x, bias }, {}).y as Tensor2D;
