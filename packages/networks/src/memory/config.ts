import * as v from 'valibot';
import { seed, share, symbols, width } from '@heed/nn';

/**
 * How hops compare what they look for with the facts, by a mechanism of `@heed/attention` that has no parameters of its own;
 * 'none': every hop gets the facts' mean.
 */
export type HopAttention =
  | { readonly kind: 'none' }
  | { readonly kind: 'dot' }
  | {
      readonly kind: 'scaledDotProduct';
      /** Scale of the scores; 1/√units by default. */
      readonly scale?: number;
      /** Scores become cap·tanh(score / cap). */
      readonly softCap?: number;
    };

/** Everything that decides a model but the values of its parameters: plain JSON. */
export interface MemoryConfig {
  readonly kind: 'memory';
  /** The words that are known by themselves; all others are names. */
  readonly symbols: readonly string[];
  /** The answers that aren't names of the story. */
  readonly classes: readonly string[];
  /** Greatest number of different names of a story. */
  readonly names: number;
  /** Greatest number of facts of a story, and of words of a fact. */
  readonly facts: number;
  readonly factWords: number;
  readonly questionWords: number;
  /** Seed of the initial parameters; an integer in [0, 2⁵³). */
  readonly seed: number;
  /** Width of the vector of one word. */
  readonly embeddingWidth: number;
  /** D, of facts and of the state that hops change. */
  readonly units: number;
  readonly hops: number;
  /** 'layerwise': all hops have the same parameters; 'none': each its own. */
  readonly tying: 'layerwise' | 'none';
  readonly attention: HopAttention;
  /** K: how many learnt curves say which facts are preferred for their place in time; 0: facts have no order. */
  readonly preferences: number;
  /** Weight of a second loss that shows the hops the supporting facts; 0: answers are all that is learnt from. */
  readonly supportWeight: number;
  /** Share of the last state that a training step leaves out, in [0, 1). */
  readonly dropout: number;
}

// Of padded batches: more is no story that anybody types.
const LARGEST_STORY = 512;
const few = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(LARGEST_STORY));
const MOST_HOPS = 16;
const MOST_CURVES = 64;

export const memorySchema = v.strictObject({
  kind: v.literal('memory'),
  symbols,
  classes: symbols,
  names: few,
  facts: few,
  factWords: few,
  questionWords: few,
  seed,
  embeddingWidth: width,
  units: width,
  hops: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_HOPS)),
  tying: v.picklist(['layerwise', 'none']),
  attention: v.variant('kind', [
    v.strictObject({ kind: v.literal('none') }),
    v.strictObject({ kind: v.literal('dot') }),
    v.strictObject({
      kind: v.literal('scaledDotProduct'),
      scale: v.optional(v.pipe(v.number(), v.finite())),
      softCap: v.optional(v.pipe(v.number(), v.finite(), v.gtValue(0))),
    }),
  ]),
  preferences: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MOST_CURVES)),
  supportWeight: v.pipe(v.number(), v.finite(), v.minValue(0)),
  dropout: share,
});
