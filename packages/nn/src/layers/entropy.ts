import type * as tf from '@tensorflow/tfjs-core';
import { copyCrossEntropy, crossEntropy, type TargetAttributes } from '@heed/core/model-ops';
import type { CopyTable } from './copy-table.js';

/** What a decoder gives at its places; gates and weights in a model that copies. */
interface Scores {
  /** [N, V] */
  readonly logits: tf.Tensor2D;
  /** [N, 1] */
  readonly gates?: tf.Tensor2D;
  /** [N, S] */
  readonly weights?: tf.Tensor2D;
}

/** The cross-entropy of a model that copies, given what can be copied, or of one that doesn't. Rows are time-major. */
export function entropyOf(
  { logits, gates, weights }: Scores,
  targets: TargetAttributes,
  copies: CopyTable | undefined,
): tf.Scalar {
  if (copies === undefined) return crossEntropy(logits, targets);
  return copyCrossEntropy({ logits, gates: gates!, weights: weights! }, targets, copies);
}
