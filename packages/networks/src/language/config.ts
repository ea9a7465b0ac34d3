import * as v from 'valibot';
import type { MechanismChoice } from '@heed/attention';
import type { AttentionChoice } from '../recurrent/config.js';
import { layers, parseConfig, seed, share, symbols, width, withPresentNames } from '@heed/nn';

/** Everything that decides a language model but the values of its parameters: plain JSON. */
export type LanguageConfig = TransformerLanguageConfig | LstmLanguageConfig;

interface CommonLanguageConfig {
  readonly kind: 'language';
  /** The alphabet, without duplicates. */
  readonly symbols: readonly string[];
  /** Seed of the initial parameters; an integer in [0, 2⁵³). */
  readonly seed: number;
  readonly layers: number;
  /**
   * How many places back attention reaches, its own included: farther ones are never looked at, however long the text.
   */
  readonly window: number;
  /** Share of the vectors' elements that a training step leaves out, in [0, 1). */
  readonly dropout: number;
}

/** Causal self-attention over the symbols read so far. */
export interface TransformerLanguageConfig extends CommonLanguageConfig {
  readonly architecture: 'transformer';
  /** E, width of the vector of a place and of all layers. */
  readonly width: number;
  /** H, attention heads of each layer, which divide the width into even parts; those of the attention below when it is given. */
  readonly heads: number;
  /**
   * Self-attention of every layer: a mechanism of `@heed/attention`, without its widths and its seed. By default H heads without
   * biases that know how far back places are by rotary positions: `{ kind: 'multiHead', heads, bias: false, rotary: { layout: 'half' } }`.
   */
  readonly attention?: MechanismChoice;
  /** Width of the hidden part of the feed-forward layers. */
  readonly feedForwardWidth: number;
  /** Whether the output layer is the table of the symbols' vectors. */
  readonly tiedEmbeddings: boolean;
}

/** A recurrent network, with or without attention to its own earlier states. */
export interface LstmLanguageConfig extends CommonLanguageConfig {
  readonly architecture: 'lstm';
  /** Width of the vector of a symbol. */
  readonly embeddingWidth: number;
  readonly units: number;
  readonly outputUnits: number;
  /** 'none', or a mechanism of `@heed/attention`, without what the model works out by itself. */
  readonly attention: AttentionChoice;
}

// 65,536 places fit what attention's kernels count with, and more than anybody waits for.
const window = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65536));
const common = { kind: v.literal('language'), symbols, seed, layers, window, dropout: share };

const languageSchema = v.variant('architecture', [
  v.pipe(
    v.strictObject({
      ...common,
      architecture: v.literal('transformer'),
      width,
      heads: width,
      // Its options are checked by @heed/attention when the mechanism is made.
      attention: v.optional(v.looseObject({ kind: v.string() })),
      feedForwardWidth: width,
      tiedEmbeddings: v.boolean(),
    }),
    v.check(({ width, heads }) => width % (2 * heads) === 0, 'heads must divide width into even parts'),
  ),
  v.strictObject({
    ...common,
    architecture: v.literal('lstm'),
    embeddingWidth: width,
    units: width,
    outputUnits: width,
    attention: v.looseObject({ kind: v.string() }),
  }),
]);

/** Names that settings had in configurations and files, and what they are called now. */
const FORMER_NAMES = { hidden: 'feedForwardWidth' };

/**
 * A configuration, checked; also one that was written when some settings had other names.
 *
 * @throws HeedError CONFIG_INVALID
 */
export const parseLanguage = (what: string, config: unknown): LanguageConfig =>
  parseConfig(what, languageSchema, withPresentNames(config, FORMER_NAMES)) as LanguageConfig;
