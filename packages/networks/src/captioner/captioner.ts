import * as tf from '@tensorflow/tfjs-core';
import type { MechanismOptions } from '@heed/attention';
import { HeedError } from '@heed/core';
import {
  checkLossOptions,
  createDropout,
  crossEntropy,
  tidy,
  withParameters,
  type Dropout,
  type Encoded,
  type LossOptions,
  type Parameters,
  type ParameterTable,
  type Trainable,
} from '@heed/nn';
import type { BeamOptions } from '../decoding/beam.js';
import { Decoding } from '../decoding/decoding.js';
import type { GreedyOptions } from '../decoding/greedy.js';
import type { Hypothesis } from '../decoding/hypothesis.js';
import { searches, type Search } from '../decoding/searches.js';
import type { Walk } from '../decoding/walk.js';
import type { WatchedStep, WatchOptions } from '../decoding/watch.js';
import type { Taught } from '../encoder-decoder.js';
import { CaptionCoder } from './coder.js';
import { parseCaptioner, type CaptionerConfig } from './config.js';
import { createCaptionDecoder } from './decoder.js';
import { createGridEncoder } from './grid.js';
import { changeFrames, checkPictures, pictureBatch, type Pixels, type Shown } from './picture.js';

/** What is asked: a picture, and the language of its caption. */
export interface Pictured {
  /** One picture; of a model of films the frames, as many as its configuration says. */
  readonly picture: Shown;
  /** One of the model's languages; of films also what is asked about them. */
  readonly language: string;
}

/** A picture with the caption that is to be learnt. */
export interface Captioned extends Pictured {
  readonly target: readonly string[];
}

/** A caption, with what was looked at. */
export interface Caption extends Hypothesis {
  /** β of each symbol: how much it looked at what was written already instead of the picture; of attention with a sentinel. */
  readonly sentinel?: Float32Array;
}

/** One step of writing a caption. */
export interface WatchedCaption extends WatchedStep {
  /** β of this step. */
  readonly sentinel?: number;
}

/**
 * Writes captions of pictures or of short films, in any of its languages. Places of a picture are a grid, row by row, those of a film the grids
 * of its frames, one after the other; weights of a symbol are over them.
 *
 * @see Xu et al. 2015, arXiv:1502.03044; Lu et al. 2017, arXiv:1612.01887
 */
export interface Captioner extends Trainable<Captioned> {
  readonly config: CaptionerConfig;
  /** Rows of the grid of a frame, and columns. */
  readonly gridSide: number;
  /**
   * Mean cross-entropy per symbol, the end included, in nats, under teacher forcing; with evenness λ also λ·Σ_p (1 − Σ_t α_tp)², the mean over the
   * captions. With dropout, pictures are augmented where the model was made with a function for it.
   *
   * @returns a scalar, the caller's to dispose
   * @throws HeedError INVALID_ARGUMENT for no items, no picture, or a word or language that the model lacks; SHAPE_MISMATCH for a picture of another size, or a film of other frames
   */
  loss(items: readonly Captioned[], options?: LossOptions): tf.Scalar;
  /**
   * Scores of every symbol and what was looked at, [B, T, V] and [B, T, P], under teacher forcing.
   *
   * @returns tensors that are the caller's to dispose
   * @throws HeedError as `loss`
   */
  teach(items: readonly Captioned[]): Taught;
  /**
   * The most probable symbol at every step, 40 of them at most unless `maxLength` is given.
   *
   * @throws HeedError as `loss`; NOT_FINITE when the parameters are broken
   */
  greedy(sources: readonly Pictured[], options?: GreedyOptions): Promise<Caption[]>;
  /**
   * Greedy search step by step: each is made when it is asked for.
   *
   * @throws HeedError as `greedy`, when the first step is asked for
   */
  watch(source: Pictured, options?: WatchOptions): AsyncGenerator<WatchedCaption>;
  /**
   * Beam search; of each picture the best captions, best first.
   *
   * @throws HeedError as `greedy`, and for options out of range
   */
  beam(sources: readonly Pictured[], options?: BeamOptions): Promise<Caption[][]>;
}

/** Says which change of a picture it is: the training's seed, the step, and the item's place in the batch as a name. */
export interface AugmentPurpose {
  readonly seed: number;
  readonly index: number;
  readonly name: string;
}

export interface CaptionerOptions extends MechanismOptions {
  /** Changes a picture for a step of training; the same purpose changes it the same way, as all frames of a film are. `augment` of `@heed/pictures` is one. */
  readonly augment?: (picture: Pixels, purpose: AugmentPurpose) => Pixels;
}

/** Most symbols of a caption, unless a search says otherwise: names are short, and one that is longer repeats itself. */
const LONGEST = 40;

/**
 * A model with parameters from the configuration's seed, or with the given ones.
 *
 * @param given values of all parameters by key, as `parameters` names them; copied
 * @throws HeedError CONFIG_INVALID, UNKNOWN_NAME; with given values CHECKPOINT_INVALID (one is missing or unknown), SHAPE_MISMATCH, NOT_FINITE
 */
export function createCaptioner(
  config: CaptionerConfig,
  given?: ParameterTable,
  options: CaptionerOptions = {},
): Captioner {
  const checked = parseCaptioner('createCaptioner', config);
  return withParameters(checked.seed, given, (parameters) => build(checked, parameters, options));
}

function build(config: CaptionerConfig, parameters: Parameters, { augment, ...options }: CaptionerOptions): Captioner {
  const coder = new CaptionCoder(config);
  const encoder = createGridEncoder(config, parameters);
  const decoder = createCaptionDecoder(config, parameters, { symbols: coder.target.size, rows: coder.rows }, options);
  const evenness = config.decoder.kind === 'recurrent' ? (config.decoder.evenness ?? 0) : 0;
  const hasSentinel = config.decoder.kind === 'recurrent' && config.decoder.attention.kind === 'visualSentinel';

  /** @throws HeedError INVALID_ARGUMENT, SHAPE_MISMATCH, DISPOSED */
  function check(call: string, sources: readonly Pictured[]): void {
    parameters.assertAlive(`captioner: ${call}`);
    checkPictures(
      sources.map((source) => source?.picture),
      config,
    );
    for (const { language } of sources) coder.language(language);
  }

  /** Encodes what is shown; what is shown several times, as to ask for several languages, is encoded once. */
  function encode(shown: readonly Shown[], drop?: Dropout): Encoded {
    const distinct = [...new Set(shown)];
    const encoded = encoder.encode(pictureBatch(distinct, config), drop);
    if (distinct.length === shown.length) return encoded;
    const rows = repeated(distinct, shown);
    const [, places, width] = encoded.memory.shape;
    const memory = tf.matMul(rows, tf.reshape(encoded.memory, [distinct.length, places * width]));
    return {
      memory: tf.reshape(memory, [shown.length, places, width]),
      last: { forward: tf.matMul(rows, encoded.last.forward!) },
    };
  }

  function checkItems(call: string, items: readonly Captioned[]): void {
    parameters.assertAlive(`captioner: ${call}`);
    if (items.length > 0) return;
    throw new HeedError('INVALID_ARGUMENT', { message: `captioner: ${call} of no pictures` });
  }

  /** Encodes pictures, for a search over them. */
  function open(sources: readonly Pictured[], beams: number): Search {
    const first = Int32Array.from({ length: sources.length * beams }, (_, row) =>
      coder.language(sources[Math.floor(row / beams)].language),
    );
    const encoded = tidy(() => encode(picturesOf(sources)));
    const walk = startingWith(decoder.walk(encoded, beams), first);
    tf.dispose([encoded.memory, ...Object.values(encoded.last)]);
    return {
      decoding: new Decoding(walk, { symbols: coder.target.size, beams }),
      lengths: new Int32Array(sources.length).fill(encoder.places),
      symbols: coder.target,
      close: () => walk.dispose(),
    };
  }

  const search = searches<Pictured>({
    assertAlive: (call) => parameters.assertAlive(`captioner: ${call}`),
    check: (sources) => check('search', sources),
    lengthOf: () => encoder.places,
    open,
  });
  const caption = (found: Hypothesis): Caption =>
    hasSentinel ? { ...found, sentinel: Float32Array.from(found.weights!, restOf) } : found;

  return {
    config,
    parameters: parameters.all,
    parameterCount: parameters.count,
    gridSide: encoder.side,
    loss(items, given = {}) {
      checkLossOptions('captioner: loss', given);
      checkItems('loss', items);
      const { labelSmoothing = 0, dropout } = given;
      const shown = picturesOf(items);
      const change = (one: Shown, n: number): Shown => {
        if (augment === undefined || dropout === undefined) return one;
        const purpose: AugmentPurpose = { seed: dropout.seed, index: dropout.step, name: `picture/${n}` };
        return changeFrames(one, (frame) => augment(frame, purpose));
      };
      const changed = new Map([...new Set(shown)].map((one, n) => [one, change(one, n)]));
      const pictures = shown.map((one) => changed.get(one)!);
      checkPictures(pictures, config);
      const batch = coder.batch(items);
      const drop = dropout && createDropout(config.dropout, dropout.seed, dropout.step);
      const count = batch.counts.reduce((sum, one) => sum + one, 0);
      return tidy(() => {
        const encoded = encode(pictures, drop);
        const seen = drop ? { ...encoded, memory: drop(encoded.memory, 'memory') } : encoded;
        const { logits, weights } = decoder.teach(seen, batch, drop);
        const counts = batch.counts.map((one) => one / count);
        const entropy = crossEntropy(logits, { ids: batch.targets, weights: counts, smoothing: labelSmoothing });
        if (evenness === 0) return entropy;
        return tf.add(entropy, tf.mul(unevenness(weights!, batch), evenness)) as tf.Scalar;
      });
    },
    teach(items) {
      checkItems('teach', items);
      check('teach', items);
      const batch = coder.batch(items);
      return tidy(() => decoder.look(encode(picturesOf(items)), batch));
    },
    greedy: async (sources, given) =>
      (await search.greedy(sources, { maxLength: LONGEST, ...given })).map((found) => caption(found)),
    beam: async (sources, given) =>
      (await search.beam(sources, { maxLength: LONGEST, ...given })).map((all) => all.map((found) => caption(found))),
    async *watch(source, given) {
      check('watch', [source]);
      for await (const step of search.watch(source, { maxLength: LONGEST, ...given })) {
        yield hasSentinel ? { ...step, sentinel: restOf(step.weights!) } : step;
      }
    },
    dispose: () => parameters.dispose(),
  };
}

/** Rows that choose from what is distinct what is shown, [N, D]: a product with them repeats, and its gradient adds up, on every engine. */
function repeated(distinct: readonly Shown[], shown: readonly Shown[]): tf.Tensor2D {
  const at = new Map(distinct.map((one, n) => [one, n]));
  const values = new Float32Array(shown.length * distinct.length);
  shown.forEach((one, n) => (values[n * distinct.length + at.get(one)!] = 1));
  return tf.tensor2d(values, [shown.length, distinct.length]);
}

const picturesOf = (sources: readonly Pictured[]): Shown[] => sources.map((source) => source?.picture);

/** What the weights of a row leave of 1. */
const restOf = (weights: Float32Array): number => Math.max(0, 1 - weights.reduce((sum, weight) => sum + weight, 0));

/** Σ_p (1 − Σ_t α_tp)², the mean over the captions; places past a caption's end don't count. */
function unevenness(
  weights: tf.Tensor2D,
  { counts, batch, time }: { readonly counts: Float32Array; readonly batch: number; readonly time: number },
): tf.Tensor {
  const looks = tf.mul(tf.reshape(weights, [time, batch, weights.shape[1]]), tf.tensor3d(counts, [time, batch, 1]));
  return tf.div(tf.sum(tf.square(tf.sub(1, tf.sum(looks, 0)))), batch);
}

/** A walk whose rows begin with symbols of their own in place of the boundary. */
function startingWith(walk: Walk, first: Int32Array): Walk {
  let isFirst = true;
  return {
    ...walk,
    step(ids, rows) {
      const before = isFirst ? first : ids;
      isFirst = false;
      return walk.step(before, rows);
    },
  };
}
