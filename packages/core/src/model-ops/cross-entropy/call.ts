import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core';
import { runModelOp } from '../run.js';
import { checkTargets, type TargetAttributes } from '../targets.js';
import { composedCrossEntropy } from './composed.js';
import { crossEntropySpec } from './spec.js';

/**
 * Σ_n weights[n] · H(target n, softmax(logits n)), a scalar, in nats, where target n gives 1 − smoothing to class ids[n] and
 * spreads `smoothing` over all V. Padding has weight 0.
 *
 * @param logits [N, V]
 * @throws HeedError INVALID_ARGUMENT for a smoothing outside [0, 1) or a class outside 0 … V − 1; SHAPE_MISMATCH
 * @see Szegedy et al. 2015, arXiv:1512.00567, §7, for the smoothing
 */
export function crossEntropy(logits: Tensor2D, targets: TargetAttributes): Scalar {
  const [rows, classes] = logits.shape;
  checkTargets('crossEntropy', targets, { rows, classes });
  return runModelOp(crossEntropySpec, composedCrossEntropy, { logits }, targets).loss as Scalar;
}
