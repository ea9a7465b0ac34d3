import type { MechanismChoice } from '@heed/attention';
import { CELLS, layers, parseConfig, seed, share, symbols, width, type CellKind } from '@heed/nn';
import * as v from 'valibot';
import { withoutFormerCoverage } from './former.js';

/**
 * A mechanism of `@heed/attention` by kind and options, without what the model works out by itself. 'none' is the
 * encoder–decoder without attention: every step sees the encoder's last states. Mechanisms that compare query and memory
 * as they are, such as 'dot', want decoderUnits to be the memory's width (twice encoderUnits when bidirectional).
 */
export type AttentionChoice = { readonly kind: 'none' } | MechanismChoice;

/** Everything that decides a model but the values of its parameters: plain JSON. */
export interface Seq2SeqConfig {
  readonly kind: 'recurrent';
  /** The alphabets, without duplicates. */
  readonly sourceSymbols: readonly string[];
  readonly targetSymbols: readonly string[];
  /** Seed of the initial parameters; an integer in [0, 2⁵³). */
  readonly seed: number;
  /** 'bahdanau': attend with the state before the step. 'luong': attend with the state after it. */
  readonly architecture: 'bahdanau' | 'luong';
  readonly cell: CellKind;
  /** Width of the vector of one symbol, on either side. */
  readonly embeddingWidth: number;
  /** Units of the encoder in each direction. */
  readonly encoderUnits: number;
  readonly encoderLayers: number;
  readonly bidirectional: boolean;
  readonly decoderUnits: number;
  readonly attention: AttentionChoice;
  /** Luong only: the attentional vector of a step is part of the next step's input. */
  readonly inputFeeding: boolean;
  /** The hidden layer before the softmax. Luong's is 'tanh' by definition, Bahdanau's paper has 'maxout'. */
  readonly output: 'maxout' | 'tanh';
  readonly outputUnits: number;
  /**
   * Share of the encoder's memory and of the output's hidden layer that a training step leaves out, in [0, 1).
   *
   * @see Srivastava et al. 2014
   */
  readonly dropout: number;
  /**
   * Pointer-generator: symbols of the source can be copied into the output, those in neither vocabulary too. Wants attention.
   *
   * @see See, Liu & Manning 2017, arXiv:1704.04368, §2.2
   */
  readonly copying?: boolean;
  /**
   * λ, the weight of the coverage loss, which asks attention not to look again where it has looked. Wants attention that
   * keeps coverage, such as 'coverage'; 1 by default there.
   *
   * @see See, Liu & Manning 2017, arXiv:1704.04368, §2.3
   */
  readonly coverageLoss?: number;
}

const seq2seqSchema = v.pipe(
  v.strictObject({
    kind: v.literal('recurrent'),
    sourceSymbols: symbols,
    targetSymbols: symbols,
    seed,
    architecture: v.picklist(['bahdanau', 'luong']),
    cell: v.picklist(CELLS),
    embeddingWidth: width,
    encoderUnits: width,
    encoderLayers: layers,
    bidirectional: v.boolean(),
    decoderUnits: width,
    // Its options are checked by @heed/attention when the mechanism is made.
    attention: v.looseObject({ kind: v.string() }),
    inputFeeding: v.boolean(),
    output: v.picklist(['maxout', 'tanh']),
    outputUnits: width,
    dropout: share,
    copying: v.optional(v.boolean()),
    coverageLoss: v.optional(v.pipe(v.number(), v.finite(), v.minValue(0))),
  }),
  v.check(
    ({ architecture, output }) => architecture !== 'luong' || output === 'tanh',
    "the luong architecture has output 'tanh'",
  ),
  v.check(
    ({ architecture, inputFeeding }) => architecture === 'luong' || !inputFeeding,
    'inputFeeding belongs to the luong architecture',
  ),
  v.check(
    ({ copying, attention }) => !copying || attention.kind !== 'none',
    'copying is by attention, which is none here',
  ),
);

/**
 * A configuration, checked; also one that was written before coverage was a mechanism.
 *
 * @throws HeedError CONFIG_INVALID
 */
export const parseSeq2Seq = (what: string, config: unknown): Seq2SeqConfig =>
  parseConfig(what, seq2seqSchema, withoutFormerCoverage(what, config)) as Seq2SeqConfig;
