import type { Tensor } from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/base';
import { runModelOp } from '../run.js';
import { composedSwish } from './composed.js';
import { swishSpec } from './spec.js';

/**
 * Swish of each number, x·σ(βx): SiLU for β = 1, the usual fast form of GELU for β = 1.702.
 *
 * @param x float32, of any shape
 * @param beta β, a finite number
 * @throws HeedError INVALID_ARGUMENT, DTYPE_UNSUPPORTED, DISPOSED
 * @see Ramachandran, Zoph & Le 2017, arXiv:1710.05941, §4; Hendrycks & Gimpel 2016, arXiv:1606.08415, §2
 */
export function swish<T extends Tensor>(x: T, beta = 1): T {
  if (!Number.isFinite(beta)) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `swish: beta is ${String(beta)}`,
      hint: 'a finite number, 1 by default',
      details: { beta },
    });
  }
  return runModelOp(swishSpec, composedSwish, { x }, { beta }).y as T;
}
