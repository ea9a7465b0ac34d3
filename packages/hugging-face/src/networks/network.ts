import type * as tf from '@tensorflow/tfjs-core';
import type { Ids } from './tokens.js';
import type { Values } from './values.js';

/** What a model is given; which of it, `Model.takes` says. */
export interface Inputs {
  /** Token ids, [B][T]. */
  readonly inputIds?: Ids;
  /** 1 for real tokens and 0 for pads, [B][T]; all are real by default. */
  readonly attentionMask?: Ids;
  /** Segments of BERT's pairs, [B][T]; 0 by default. */
  readonly tokenTypeIds?: Ids;
  /** Positions, [B][T]; by default as the model's class in transformers has them. */
  readonly positionIds?: Ids;
  /** Pictures as the folder's `preprocessor_config.json` has them made: [B, channels, height, width]. */
  readonly pixelValues?: Values;
  /** Spectrograms of sounds: [B, bands, frames]. */
  readonly inputFeatures?: Values;
  /** Tokens of the decoder of an encoder–decoder, [B][T], which begin with the one that it starts with. */
  readonly decoderInputIds?: Ids;
  /** 1 for real ones and 0 for pads; all are real by default. */
  readonly decoderAttentionMask?: Ids;
}

export interface RunOptions {
  /** Whether to give the attention weights of all layers. */
  readonly attentions?: boolean;
  /** Whether to give the states before the first layer and after each. */
  readonly hiddenStates?: boolean;
  /** Whether pictures may have another size than the model's, whose positions are then interpolated. */
  readonly interpolatePosEncoding?: boolean;
}

/** What a model gives, under the names that transformers has for it. Each tensor is the caller's to dispose. */
export interface Outputs {
  /** Scores of each position, [B, T, V], or of each sequence, [B, labels], as the model's head has it; absent without a head. */
  readonly logits?: tf.Tensor;
  /** [B, T, E] */
  readonly lastHiddenState?: tf.Tensor3D;
  /** What each sequence is pooled to, [B, E], of models that do so. */
  readonly poolerOutput?: tf.Tensor2D;
  /** When asked for: [B, T, E] before the first layer and after each. */
  readonly hiddenStates?: readonly tf.Tensor3D[];
  /** When asked for: [B, H, Tq, Tk] of each layer. */
  readonly attentions?: readonly tf.Tensor4D[];
  /** The encoder's last state, [B, Ts, E], of an encoder–decoder, whose `lastHiddenState` is the decoder's. */
  readonly encoderLastHiddenState?: tf.Tensor3D;
  /** When asked for, in place of `hiddenStates`. */
  readonly encoderHiddenStates?: readonly tf.Tensor3D[];
  readonly decoderHiddenStates?: readonly tf.Tensor3D[];
  /** When asked for, in place of `attentions`: [B, H, Tq, Tk] of each layer, Tk of `crossAttentions` being the encoder's. */
  readonly encoderAttentions?: readonly tf.Tensor4D[];
  readonly decoderAttentions?: readonly tf.Tensor4D[];
  readonly crossAttentions?: readonly tf.Tensor4D[];
  /** How alike texts and pictures are, [texts, pictures] and [pictures, texts], of a model of both. */
  readonly logitsPerText?: tf.Tensor2D;
  readonly logitsPerImage?: tf.Tensor2D;
  /** Their vectors of length 1, [B, E], and those before they are made so. */
  readonly textEmbeds?: tf.Tensor2D;
  readonly imageEmbeds?: tf.Tensor2D;
  readonly textPoolerOutput?: tf.Tensor2D;
  readonly imagePoolerOutput?: tf.Tensor2D;
  /** As the fields of a model of one tower. */
  readonly textLastHiddenState?: tf.Tensor3D;
  readonly imageLastHiddenState?: tf.Tensor3D;
  readonly textHiddenStates?: readonly tf.Tensor3D[];
  readonly imageHiddenStates?: readonly tf.Tensor3D[];
  readonly textAttentions?: readonly tf.Tensor4D[];
  readonly imageAttentions?: readonly tf.Tensor4D[];
}

/** A model's computation. */
export interface Network {
  /** How it continues sequences; absent from one that doesn't. */
  readonly continuable?: Continuable;
  /** Number of tokens that it has positions for; as many as one likes when absent. */
  readonly longest?: number | undefined;
  /** Names of the inputs that it takes. */
  readonly takes: readonly (keyof Inputs)[];
  run(inputs: Inputs, options: RunOptions): Outputs;
  /** Frees what it keeps between calls, such as tables; absent where it keeps nothing. */
  dispose?(): void;
}

/** A network that can continue sequences. */
export interface Continuable {
  /** Number of positions that there are; as many as one likes when absent. */
  readonly maxPositions?: number | undefined;
  /**
   * @param start what a decoder beside an encoder starts with, where the inputs don't say
   * @throws HeedError INVALID_ARGUMENT, SHAPE_MISMATCH
   */
  begin(inputs: Inputs, start: readonly number[]): Session;
}

/** Sequences that are being continued, with what was computed of them so far. It owns that. */
export interface Session {
  /** What is continued: prompts, or what a decoder starts with. */
  readonly prompts: Ids;
  /**
   * Logits of the tokens that come next.
   *
   * @param tokens those that came since the last call, at first the prompts: [B][n]
   * @returns [B, V]
   */
  next(tokens: Ids): tf.Tensor2D;
  /** Takes the sequences anew, by their numbers: each may go on more than once, or end. */
  gather(rows: Int32Array): void;
  dispose(): void;
}
