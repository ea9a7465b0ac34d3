import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { runModelOp } from '../run.js';
import { composedSquareSum } from './composed.js';
import { squareSumSpec } from './spec.js';

/**
 * Σ x² over all elements of one or more tensors of any shapes, a scalar: the square of the norm of gradients. No gradient
 * goes through it.
 *
 * @throws HeedError INVALID_ARGUMENT when there is no tensor
 */
export const squareSum = (tensors: readonly Tensor[]): Scalar =>
  runModelOp(squareSumSpec, composedSquareSum, { tensors }, {}).sum as Scalar;
