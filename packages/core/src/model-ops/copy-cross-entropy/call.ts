import type { Scalar } from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/base';
import { runModelOp } from '../run.js';
import { checkTargets, type TargetAttributes } from '../targets.js';
import { composedCopyCrossEntropy } from './composed.js';
import type { Copies } from './copies.js';
import type { CopyScores } from './mixture.js';
import { copyCrossEntropySpec } from './spec.js';

/**
 * Cross-entropy of the mixture p(v) = p_gen·softmax(logits)_v + (1 − p_gen)·Σ_{j: x_j = v} α_j, in nats: a scalar,
 * Σ_n weights[n]·H(target n, p_n), with the smoothing spread over the V symbols of the vocabulary. Targets may be beyond it.
 *
 * In logarithms throughout, and the gradient too: with r_v = p_gen·P_v / p(v), the share of v that is generated,
 * ∂log p(v)/∂logits_u = r_v(δ_uv − P_u), ∂log p(v)/∂gate = r_v − p_gen and ∂log p(v)/∂α_j = (1 − p_gen)/p(v) where x_j = v.
 *
 * @throws HeedError INVALID_ARGUMENT for a smoothing outside [0, 1) or a target that isn't there; SHAPE_MISMATCH
 * @see See, Liu & Manning 2017, arXiv:1704.04368, eq. 6 and 9
 */
export function copyCrossEntropy(scores: CopyScores, targets: TargetAttributes, copies: Copies): Scalar {
  const { logits, gates, weights } = scores;
  const [rows, classes] = logits.shape;
  checkTargets('copyCrossEntropy', targets, { rows, classes: copies.size });
  if (classes !== copies.vocabularySize || weights.shape[1] !== copies.time || rows % copies.batch !== 0) {
    throw new HeedError('SHAPE_MISMATCH', {
      message: `copyCrossEntropy: logits [${logits.shape}] and weights [${weights.shape}] don't fit the sources`,
      hint: `there are ${copies.batch} of up to ${copies.time} symbols, and ${copies.vocabularySize} in the vocabulary`,
      details: { logits: logits.shape, weights: weights.shape },
    });
  }
  const { ids, weights: counts, smoothing } = targets;
  return runModelOp(
    copyCrossEntropySpec,
    composedCopyCrossEntropy,
    { logits, gates, weights },
    { ids, weights: counts, smoothing, copies },
  ).loss as Scalar;
}
