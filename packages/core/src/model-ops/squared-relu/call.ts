import type { Tensor2D } from '@tensorflow/tfjs-core';
import { runModelOp } from '../run.js';
import { composedSquaredRelu } from './composed.js';
import { squaredReluSpec } from './spec.js';

/**
 * max(0, x)², element by element; x [N, W].
 *
 * @throws HeedError SHAPE_MISMATCH
 * @see So et al. 2021, arXiv:2109.08668, §3.2
 */
export const squaredRelu = (x: Tensor2D): Tensor2D =>
  runModelOp(squaredReluSpec, composedSquaredRelu, { x }, {}).y as Tensor2D;
