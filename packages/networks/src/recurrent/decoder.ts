import type * as tf from '@tensorflow/tfjs-core';
import type { WalkStep } from '../decoding/walk.js';
import type { Prepared } from './attention.js';
import type { Dropout, Encoded, TeachingBatch } from '@heed/nn';

/** What a decoder carries from step to step; [N, …] each. */
export type DecoderState = readonly tf.Tensor2D[];

interface Step extends WalkStep {
  readonly state: DecoderState;
}

/** What a decoder gives under teacher forcing; rows are time-major, N = T·B. Axis letters: S source. */
export interface Places {
  /** [N, V] */
  readonly logits: tf.Tensor2D;
  /** [N, S] in a model that copies, or with coverage. */
  readonly weights?: tf.Tensor2D;
  /** [N, S] with coverage: the sum of the weights of the places before. */
  readonly coverage?: tf.Tensor2D;
  /** p_gen before the sigmoid, [N, 1], in a model that copies. */
  readonly gates?: tf.Tensor2D;
}

/** Axis letters: N rows, that is B·K with K beams a source; V target symbols with the boundary. */
export interface Decoder {
  /** Teacher forcing. */
  teach(encoded: Encoded, prepared: Prepared, batch: TeachingBatch, dropout?: Dropout): Places;
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
