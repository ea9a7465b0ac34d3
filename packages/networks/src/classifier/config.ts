import * as v from 'valibot';
import { CELLS, layers, seed, share, symbols, width, type CellKind } from '@heed/nn';

/** What reads a sequence before it is pooled. */
export type EncoderChoice =
  /** Nothing: the words themselves are pooled, in no order. */
  | { readonly kind: 'none' }
  | {
      readonly kind: 'recurrent';
      readonly cell: CellKind;
      /** Units in each direction. */
      readonly units: number;
      readonly layers: number;
      readonly bidirectional: boolean;
      /**
       * Whether each part's own vector is pooled beside its states: what it is, and what it is in its context.
       *
       * @see Lai, Xu, Liu & Zhao 2015, "Recurrent convolutional neural networks for text classification", eq. 3
       */
      readonly besideInput: boolean;
    };

/** How the vectors of a sequence become one. */
export type PoolingChoice =
  /** Attention with a query that is learnt; units: the width in which it is compared with the sequence. */
  | { readonly kind: 'attentive'; readonly units: number }
  | { readonly kind: 'mean' }
  /** The states of the encoder's directions after their last word. */
  | { readonly kind: 'last' };

/**
 * Vectors of the letters of a word, which unknown words have too: of each run of `shortest` to `longest` letters, by its hash.
 *
 * @see Bojanowski, Grave, Joulin & Mikolov 2017, arXiv:1607.04606
 */
export interface Subwords {
  /** Number of vectors that the runs share. */
  readonly buckets: number;
  readonly shortest: number;
  readonly longest: number;
}

/** Everything that decides a model but the values of its parameters: plain JSON. */
export interface ClassifierConfig {
  readonly kind: 'classifier';
  /** The words that have vectors of their own, without duplicates; all others share one. */
  readonly symbols: readonly string[];
  /** Names of the classes, at least two, without duplicates. */
  readonly classes: readonly string[];
  /** Seed of the initial parameters; an integer in [0, 2⁵³). */
  readonly seed: number;
  /** Width of the vector of one word. */
  readonly embeddingWidth: number;
  readonly subwords: Subwords | null;
  readonly encoder: EncoderChoice;
  readonly pooling: PoolingChoice;
  /** The words of each sentence become one vector, then the sentences do, by the same means; else all words are one sequence. */
  readonly hierarchical: boolean;
  /**
   * Share of the vectors of words, of sentences and of the text that a training step leaves out, in [0, 1).
   *
   * @see Srivastava et al. 2014
   */
  readonly dropout: number;
}

const MOST_BUCKETS = 2 ** 20;
const LONGEST_RUN = 16;
const runLength = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(LONGEST_RUN));

export const classifierSchema = v.pipe(
  v.strictObject({
    kind: v.literal('classifier'),
    symbols,
    classes: v.pipe(symbols, v.minLength(2)),
    seed,
    embeddingWidth: width,
    subwords: v.nullable(
      v.pipe(
        v.strictObject({
          buckets: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_BUCKETS)),
          shortest: runLength,
          longest: runLength,
        }),
        v.check(({ shortest, longest }) => shortest <= longest, 'shortest must not be above longest'),
      ),
    ),
    encoder: v.variant('kind', [
      v.strictObject({ kind: v.literal('none') }),
      v.strictObject({
        kind: v.literal('recurrent'),
        cell: v.picklist(CELLS),
        units: width,
        layers,
        bidirectional: v.boolean(),
        besideInput: v.boolean(),
      }),
    ]),
    pooling: v.variant('kind', [
      v.strictObject({ kind: v.literal('attentive'), units: width }),
      v.strictObject({ kind: v.literal('mean') }),
      v.strictObject({ kind: v.literal('last') }),
    ]),
    hierarchical: v.boolean(),
    dropout: share,
  }),
  v.check(
    ({ encoder, pooling }) => pooling.kind !== 'last' || (encoder.kind !== 'none' && !encoder.besideInput),
    "pooling 'last' takes the last states of an encoder, and nothing beside them",
  ),
);
