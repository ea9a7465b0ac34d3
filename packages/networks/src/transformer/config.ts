import * as v from 'valibot';
import { layers, parseConfig, seed, share, symbols, width, withPresentNames } from '@heed/nn';

const POSITIONS = ['sinusoidal', 'rotary'] as const;

/** Everything that decides a model but the values of its parameters: plain JSON. */
export interface TransformerConfig {
  readonly kind: 'transformer';
  /** The alphabets, without duplicates. */
  readonly sourceSymbols: readonly string[];
  readonly targetSymbols: readonly string[];
  /** Seed of the initial parameters; an integer in [0, 2⁵³). */
  readonly seed: number;
  /** E, width of the vector of a symbol and of all layers. */
  readonly width: number;
  /** H, attention heads of each layer, which divides the width. */
  readonly heads: number;
  readonly encoderLayers: number;
  readonly decoderLayers: number;
  /** Width of the hidden part of the feed-forward layers, commonly four times the width. */
  readonly feedForwardWidth: number;
  /**
   * How symbols know their places: 'sinusoidal' adds sines to their vectors (Vaswani et al. 2017, §3.5), 'rotary' turns the
   * queries and keys of self-attention (Su et al. 2021). Cross-attention compares no positions.
   */
  readonly positions: (typeof POSITIONS)[number];
  /** Whether the output layer is the table of target vectors (Press & Wolf 2017, arXiv:1608.05859). */
  readonly tiedEmbeddings: boolean;
  /** Share of the embeddings and of each layer's output that a training step leaves out, in [0, 1). */
  readonly dropout: number;
  /** Symbols of the source can be copied, as in a recurrent model, by the cross-attention of the last layer. */
  readonly copying?: boolean;
}

const transformerSchema = v.pipe(
  v.strictObject({
    kind: v.literal('transformer'),
    sourceSymbols: symbols,
    targetSymbols: symbols,
    seed,
    width,
    heads: width,
    encoderLayers: layers,
    decoderLayers: layers,
    feedForwardWidth: width,
    positions: v.picklist(POSITIONS),
    tiedEmbeddings: v.boolean(),
    dropout: share,
    copying: v.optional(v.boolean()),
  }),
  v.check(({ width, heads }) => width % heads === 0, 'heads must divide the width'),
  v.check(
    ({ positions, width, heads }) => positions !== 'rotary' || (width / heads) % 2 === 0,
    'rotary positions turn pairs: width / heads must be even',
  ),
);

/** Names that settings had in configurations and files, and what they are called now. */
const FORMER_NAMES = { hiddenUnits: 'feedForwardWidth', tied: 'tiedEmbeddings' };

/**
 * A configuration, checked; also one that was written when some settings had other names.
 *
 * @throws HeedError CONFIG_INVALID
 */
export const parseTransformer = (what: string, config: unknown): TransformerConfig =>
  parseConfig(what, transformerSchema, withPresentNames(config, FORMER_NAMES)) as TransformerConfig;
