import type * as tf from '@tensorflow/tfjs-core';
import type { Prepared } from './attention.js';
import type { TeachingBatch } from '../layers/batch.js';
import type { Dropout } from '../layers/dropout.js';
import type { Encoded } from '../layers/encoder.js';

/** What a decoder carries from step to step; [N, …] each. */
export type DecoderState = readonly tf.Tensor2D[];

export interface Step {
  readonly state: DecoderState;
  /** [N, V] */
  readonly logits: tf.Tensor2D;
  /** [N, C] */
  readonly context: tf.Tensor2D;
  /** [N, T] when asked for and when there is attention. */
  readonly weights?: tf.Tensor2D;
  /** [N] when asked for and when there is attention of one head. */
  readonly logSumExp?: tf.Tensor1D;
}

/** Axis letters: N rows, that is B·K with K beams a source; V target symbols with the boundary. */
export interface Decoder {
  /** Teacher forcing: logits of every place, time-major [T·B, V]. */
  teach(encoded: Encoded, prepared: Prepared, batch: TeachingBatch, dropout?: Dropout): tf.Tensor2D;
  /** The state before the first symbol, from the encoder's last states; [B, …] each. */
  start(encoded: Encoded): DecoderState;
  /**
   * One step of decoding.
   *
   * @param ids    of the symbol before, [N]
   * @param beams  K: rows n·K … n·K + K − 1 belong to source n
   */
  step(prepared: Prepared, state: DecoderState, ids: Int32Array, options: StepOptions): Step;
}

export interface StepOptions {
  readonly beams: number;
  readonly returnWeights: boolean;
  readonly returnLogSumExp?: boolean;
}
