import { CELLS, layers, parseConfig, seed, share, symbols, width, type CellKind } from '@heed/nn';
import * as v from 'valibot';
import type { AttentionChoice } from '../recurrent/config.js';

/** Convolutions of 3 × 3, each of which halves both sides: a grid of S / 2ⁿ, whose places see 2ⁿ⁺¹ − 1 pixels of a side. */
export interface ConvolutionalGrid {
  readonly kind: 'convolutional';
  /** Filters of each layer. */
  readonly filters: readonly number[];
}

/** Squares of pixels, each as one vector, and blocks in which they attend to each other: a grid of S / patch. */
export interface PatchGrid {
  readonly kind: 'patches';
  /** Pixels of a side. */
  readonly patch: number;
  readonly layers: number;
  readonly heads: number;
  readonly feedForwardWidth: number;
}

/** A recurrent decoder that begins with the mean of the grid. */
export interface RecurrentCaption {
  readonly kind: 'recurrent';
  /** 'bahdanau': attend with the state before the step, as Xu et al. do. 'luong': with the state after it, as Lu et al. do. */
  readonly architecture: 'bahdanau' | 'luong';
  readonly cell: CellKind;
  readonly embeddingWidth: number;
  readonly units: number;
  readonly outputUnits: number;
  /** Over the grid; with 'none' every step sees the mean of the grid. 'visualSentinel' may look at what was written instead. */
  readonly attention: AttentionChoice;
  /** Whether a gate of the state, β = σ(f(s)), scales what is seen (Xu et al. 2015, §4.2.1). */
  readonly gate?: boolean;
  /** λ of the doubly stochastic penalty, which asks that each place is looked at as much as others (Xu et al. 2015, eq. 14). */
  readonly evenness?: number;
}

/** Blocks of self-attention and of attention to the grid, of the grid's width. */
export interface TransformerCaption {
  readonly kind: 'transformer';
  readonly heads: number;
  readonly layers: number;
  readonly feedForwardWidth: number;
  readonly tiedEmbeddings: boolean;
}

/** Everything that decides a model but the values of its parameters: plain JSON. */
export interface CaptionerConfig {
  readonly kind: 'captioner';
  /** What captions are made of, in all languages, without duplicates. */
  readonly targetSymbols: readonly string[];
  /** The language is the first symbol that a decoder is given. */
  readonly languages: readonly string[];
  /** Seed of the initial parameters; an integer in [0, 2⁵³). */
  readonly seed: number;
  /** S, pixels of a side of a picture. */
  readonly size: number;
  /** Bytes of a pixel: 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA. */
  readonly channels: number;
  /** F, frames of a film; 1, a single picture, by default. Of several each is seen with its difference from the one before. */
  readonly frames?: number;
  /** M, of the vectors of the grid. */
  readonly width: number;
  readonly encoder: ConvolutionalGrid | PatchGrid;
  readonly decoder: RecurrentCaption | TransformerCaption;
  /** Share of the grid, of a recurrent decoder's hidden layer and of each block's output that a training step leaves out, in [0, 1). */
  readonly dropout: number;
}

/** A picture of more pixels is for another kind of network. */
const LARGEST_SIDE = 512;
/** A film of more frames than this is for another kind of network: every place of every frame is looked at. */
const MOST_FRAMES = 64;

const encoderSchema = v.variant('kind', [
  v.strictObject({
    kind: v.literal('convolutional'),
    filters: v.pipe(v.array(width), v.minLength(1), v.maxLength(8)),
  }),
  v.strictObject({ kind: v.literal('patches'), patch: width, layers, heads: width, feedForwardWidth: width }),
]);

const decoderSchema = v.variant('kind', [
  v.strictObject({
    kind: v.literal('recurrent'),
    architecture: v.picklist(['bahdanau', 'luong']),
    cell: v.picklist(CELLS),
    embeddingWidth: width,
    units: width,
    outputUnits: width,
    // Its options are checked by @heed/attention when the mechanism is made.
    attention: v.looseObject({ kind: v.string() }),
    gate: v.optional(v.boolean()),
    evenness: v.optional(v.pipe(v.number(), v.finite(), v.minValue(0))),
  }),
  v.strictObject({
    kind: v.literal('transformer'),
    heads: width,
    layers,
    feedForwardWidth: width,
    tiedEmbeddings: v.boolean(),
  }),
]);

const captionerSchema = v.pipe(
  v.strictObject({
    kind: v.literal('captioner'),
    targetSymbols: symbols,
    languages: symbols,
    seed,
    size: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(LARGEST_SIDE)),
    channels: v.picklist([1, 2, 3, 4]),
    frames: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_FRAMES))),
    width,
    encoder: encoderSchema,
    decoder: decoderSchema,
    dropout: share,
  }),
  v.check(
    ({ encoder, size }) => Number.isInteger(size / strideOf(encoder)),
    'the size must be a multiple of the patch, or of 2 for each convolution',
  ),
  v.check(
    ({ encoder, width }) => encoder.kind !== 'patches' || width % encoder.heads === 0,
    "the encoder's heads must divide the width",
  ),
  v.check(
    ({ decoder, width }) => decoder.kind !== 'transformer' || width % decoder.heads === 0,
    "the decoder's heads must divide the width",
  ),
  v.check(
    ({ decoder }) => decoder.kind !== 'recurrent' || decoder.attention.kind !== 'none' || !decoder.evenness,
    'evenness is of attention, which is none here',
  ),
);

/** Pixels from one place of the grid to the next. */
export const strideOf = (encoder: ConvolutionalGrid | PatchGrid): number =>
  encoder.kind === 'patches' ? encoder.patch : 2 ** encoder.filters.length;

/** Channels that the encoder is given of each frame: its own, and in a film their differences from the frame before. */
export const channelsSeen = ({ channels, frames = 1 }: Pick<CaptionerConfig, 'channels' | 'frames'>): number =>
  frames > 1 ? 2 * channels : channels;

/**
 * A configuration, checked.
 *
 * @throws HeedError CONFIG_INVALID
 */
export const parseCaptioner = (what: string, config: unknown): CaptionerConfig =>
  parseConfig(what, captionerSchema, config) as CaptionerConfig;
