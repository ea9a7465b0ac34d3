import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core';
import { checkLength } from '../check.js';
import { runModelOp } from '../run.js';
import { composedCoverageLoss } from './composed.js';
import { coverageLossSpec } from './spec.js';

/**
 * Σ_n counts[n]·Σ_j min(α_nj, c_nj), a scalar: what is looked at again. A tie counts as the attention's.
 *
 * @param weights  α, [N, S]
 * @param coverage c, [N, S]
 * @param counts   what each row counts, [N]
 * @throws HeedError SHAPE_MISMATCH
 * @see See, Liu & Manning 2017, arXiv:1704.04368, eq. 12
 */
export function coverageLoss(weights: Tensor2D, coverage: Tensor2D, counts: Float32Array): Scalar {
  checkLength('coverageLoss: counts', counts, weights.shape[0]);
  return runModelOp(coverageLossSpec, composedCoverageLoss, { weights, coverage }, { counts }).loss as Scalar;
}
