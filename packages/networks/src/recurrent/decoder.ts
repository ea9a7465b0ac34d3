import type * as tf from '@tensorflow/tfjs-core';
import type { AttentionState } from '@heed/attention';
import type { WalkStep } from '../decoding/walk.js';
import type { Attention, SourceMemory } from './attention.js';
import type { Seq2SeqConfig } from './config.js';
import type { Dropout, Encoded, Encoder, Ids, TeachingBatch } from '@heed/nn';

/** What decides a decoder, whatever its sources are. */
export type DecoderConfig = Pick<
  Seq2SeqConfig,
  'cell' | 'embeddingWidth' | 'encoderUnits' | 'decoderUnits' | 'inputFeeding' | 'output' | 'outputUnits' | 'copying'
> & {
  /** Whether weights are given under teacher forcing, for a loss of them; they are anyway in a model that copies, or with coverage. */
  readonly teachesWeights?: boolean;
};

/** What a decoder stands on. */
export interface DecoderParts {
  readonly encoder: Pick<Encoder, 'directions'>;
  readonly attention: Attention;
  /** V, with the boundary. */
  readonly symbols: number;
  /** Rows of the table of vectors: those that can be written, and others that only come in. */
  readonly rows: number;
}

/** What a decoder carries from step to step. */
export interface DecoderState {
  /** State of the cell, [N, S]. */
  readonly cell: tf.Tensor2D;
  /** The attentional vector of the step before, [N, W]; with input feeding. */
  readonly fed?: tf.Tensor2D;
  /** State of the attention, of N rows; of a mechanism that keeps one. */
  readonly attention?: AttentionState;
}

interface Step extends WalkStep {
  readonly state: DecoderState;
}

/** What a decoder gives under teacher forcing; rows are time-major, N = T·B. Axis letters: S source. */
export interface TeachingOutputs {
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
  teach(encoded: Encoded, memory: SourceMemory, batch: TeachingBatch, dropout?: Dropout): TeachingOutputs;
  /** The state before the first symbol, from the encoder's last states; of B rows. */
  start(encoded: Encoded, memory: SourceMemory): DecoderState;
  /**
   * One step of decoding.
   *
   * @param ids    of the symbol before, [N]
   * @param beams  K: rows n·K … n·K + K − 1 belong to source n
   */
  step(memory: SourceMemory, state: DecoderState, ids: Ids, options: StepOptions): Step;
}

export interface StepOptions {
  readonly beams: number;
  readonly returnWeights: boolean;
  readonly returnLogSumExp?: boolean;
}
