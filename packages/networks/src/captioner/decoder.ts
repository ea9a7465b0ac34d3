import * as tf from '@tensorflow/tfjs-core';
import type { MechanismOptions } from '@heed/attention';
import type { Dropout, Encoded, Parameters, TeachingBatch } from '@heed/nn';
import type { Walk } from '../decoding/walk.js';
import type { Taught } from '../encoder-decoder.js';
import { createAttention } from '../recurrent/attention.js';
import { createBahdanauDecoder } from '../recurrent/bahdanau.js';
import { createLuongDecoder } from '../recurrent/luong.js';
import type { DecoderConfig as RecurrentConfig } from '../recurrent/decoder.js';
import { teachSteps } from '../recurrent/teach.js';
import { recurrentWalk } from '../recurrent/walk.js';
import {
  createDecoder as createTransformerDecoder,
  type DecoderConfig as TransformerConfig,
} from '../transformer/decoder.js';
import { transformerWalk } from '../transformer/walk.js';
import type { CaptionerConfig, RecurrentCaption, TransformerCaption } from './config.js';
import { gated } from './gate.js';

/** A decoder over a grid. Axis letters: N = T·B rows, time-major; P places; V symbols that can be written. */
export interface CaptionDecoder {
  /** Teacher forcing: logits [N, V]; weights [N, P] where a loss of them is wanted. */
  teach(
    encoded: Encoded,
    batch: TeachingBatch,
    dropout?: Dropout,
  ): { readonly logits: tf.Tensor2D; readonly weights?: tf.Tensor2D };
  /** The same with what was looked at. */
  look(encoded: Encoded, batch: TeachingBatch): Taught;
  /** Steps of decoding; the grid is borrowed for this call. */
  walk(encoded: Encoded, beams: number): Walk;
}

interface Sizes {
  /** V */
  readonly symbols: number;
  /** V and the languages. */
  readonly rows: number;
}

export const createCaptionDecoder = (
  config: CaptionerConfig,
  parameters: Parameters,
  sizes: Sizes,
  options?: MechanismOptions,
): CaptionDecoder =>
  config.decoder.kind === 'recurrent'
    ? recurrentDecoder(config, config.decoder, parameters, sizes, options)
    : transformerDecoder(config, config.decoder, parameters, sizes);

/** What decides the recurrent decoder of a captioner, whose last state is the mean of the grid. */
export const recurrentConfigOf = (
  { width }: CaptionerConfig,
  { cell, embeddingWidth, units, outputUnits, evenness = 0 }: RecurrentCaption,
): RecurrentConfig => ({
  cell,
  embeddingWidth,
  outputUnits,
  encoderUnits: width,
  decoderUnits: units,
  inputFeeding: false,
  output: 'tanh',
  teachesWeights: evenness > 0,
});

/** What decides the transformer decoder of a captioner. */
export const transformerConfigOf = (
  { width }: CaptionerConfig,
  { heads, layers, feedForwardWidth, tiedEmbeddings }: TransformerCaption,
): TransformerConfig => ({
  width,
  heads,
  decoderLayers: layers,
  feedForwardWidth,
  tiedEmbeddings,
  positions: 'sinusoidal',
});

function recurrentDecoder(
  config: CaptionerConfig,
  decoderConfig: RecurrentCaption,
  parameters: Parameters,
  sizes: Sizes,
  options?: MechanismOptions,
): CaptionDecoder {
  const { architecture, units, attention: choice, gate } = decoderConfig;
  const plain = createAttention(choice, parameters, { queryWidth: units, memoryWidth: config.width }, options);
  const attention = gate ? gated(plain, parameters, units) : plain;
  const create = architecture === 'bahdanau' ? createBahdanauDecoder : createLuongDecoder;
  const parts = { encoder: { directions: ['forward'] }, attention, ...sizes } as const;
  const decoder = create(recurrentConfigOf(config, decoderConfig), parameters, parts);
  return {
    teach: (encoded, batch, dropout) => decoder.teach(encoded, attention.prepare(encoded), batch, dropout),
    look: (encoded, batch) => teachSteps(decoder, attention.prepare(encoded), encoded, batch),
    walk: (encoded, beams) => recurrentWalk(decoder, attention.prepare(encoded), encoded, beams),
  };
}

function transformerDecoder(
  config: CaptionerConfig,
  decoderConfig: TransformerCaption,
  parameters: Parameters,
  sizes: Sizes,
): CaptionDecoder {
  const decoder = createTransformerDecoder(transformerConfigOf(config, decoderConfig), parameters, sizes);
  return {
    teach({ memory }, batch, dropout) {
      return { logits: decoder.teach(decoder.prepare(memory), batch, { dropout, returnWeights: false }).logits };
    },
    look({ memory }, batch) {
      const { logits, weights } = decoder.teach(decoder.prepare(memory), batch, { returnWeights: true });
      return { logits: bySource(logits, batch.batch), weights: bySource(weights!, batch.batch) };
    },
    walk({ memory }, beams) {
      const [batch, places] = memory.shape;
      return transformerWalk(decoder, memory, new Int32Array(batch).fill(places), beams);
    },
  };
}

/** Time-major [T·B, W] → [B, T, W] */
const bySource = (x: tf.Tensor2D, batch: number): tf.Tensor3D =>
  tf.transpose(tf.reshape(x, [x.shape[0] / batch, batch, x.shape[1]]), [1, 0, 2]);
