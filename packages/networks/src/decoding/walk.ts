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
  /** Goes on with these sources alone, in this order: source i is what sources[i] was, with its K rows. */
  keep(sources: Int32Array): void;
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

/** The rows of some sources, K of each: n·K … n·K + K − 1 belong to source n. */
export const rowsOf = (sources: Int32Array, beams: number): Int32Array =>
  Int32Array.from(
    { length: sources.length * beams },
    (_, row) => sources[Math.floor(row / beams)] * beams + (row % beams),
  );
