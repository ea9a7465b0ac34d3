import type * as tf from '@tensorflow/tfjs-core';

/**
 * A decoder on its way through one batch of sources, with K rows for each: what it has seen so far is its own affair. Axis
 * letters: N = B·K rows; V target symbols with the boundary.
 */
export interface Walk {
  /**
   * @param ids  of the symbol before, [N]
   * @param rows which row each row continues; by default its own
   * @returns tensors that are the caller's
   */
  step(ids: Int32Array, rows?: Int32Array): WalkStep;
  /** Twice is fine. */
  dispose(): void;
}

export interface WalkStep {
  /** [N, V] */
  readonly logits: tf.Tensor2D;
  /** [N, C] */
  readonly context: tf.Tensor2D;
  /** [N, T] when there is attention; of several heads their mean. */
  readonly weights?: tf.Tensor2D;
  /** [N] when there is attention of one head. */
  readonly logSumExp?: tf.Tensor1D;
  /** p_gen before the sigmoid, [N, 1], in a model that copies. */
  readonly gates?: tf.Tensor2D;
}
