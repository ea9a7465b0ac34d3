import type { RotaryConfig } from '../../positions/rotary-config.js';
import type { Gate } from './gate.js';
import type { HeadNormalizer } from './normalizer.js';
import type { QkNorm } from './qk-norm.js';
import type { Span } from './span.js';
import type { Streaming } from './streaming.js';
import type { TalkingHeads } from './talking-heads.js';

export interface MultiHeadOptions {
  readonly queryWidth: number;
  readonly memoryWidth: number;
  /** Width of what keys are made of, `keys` of `prepare`; memoryWidth by default, and when it is another, `prepare` needs `keys`. */
  readonly keysWidth?: number;
  /** Hq */
  readonly heads: number;
  /** Hk, which divides Hq: adjacent query heads share a key head. 1 is multi-query attention; Hq by default. */
  readonly keyHeads?: number;
  /** D, the width of one head's queries and keys; queryWidth / heads by default. */
  readonly headWidth?: number;
  /** Dv, the width of one head's values; headWidth by default. */
  readonly valueWidth?: number;
  /** C; queryWidth by default. */
  readonly outputWidth?: number;
  /** Whether the four projections have biases; true by default. */
  readonly bias?: boolean;
  /** Scale of the scores; 1/√D by default. */
  readonly scale?: number;
  /** Scores become cap·tanh(score / cap). */
  readonly softCap?: number;
  /** Turns queries and keys by their positions. */
  readonly rotary?: RotaryConfig;
  /** Adds −slope·distance to the scores; the slopes are the paper's by default. */
  readonly alibi?: { readonly slopes?: readonly number[] };
  /** Adds a learned number per distance, up to `reach` either way: parameter `relative` [Hq, 2·reach + 1], or [1, …] when shared. */
  readonly relative?: { readonly reach: number; readonly shared?: boolean };
  /** Normalises queries and keys: by each head's root mean square, by that of all heads, or by the Euclidean norm with a learned scale. */
  readonly qkNorm?: QkNorm;
  /** Added to the mean squares of qkNorm 'head' and 'full'; 1e-6 by default. */
  readonly qkNormEpsilon?: number;
  /** Multiplies contexts by σ of a projection of the query: each number by its own, or a head as a whole. */
  readonly gate?: Gate;
  /** Whether each head has a learned logit that takes weight and has no value: parameter `sinks` [Hq], 0 at first. */
  readonly sinks?: boolean;
  /**
   * Whether there is a learned key and value beside the memory's, which every query may attend to: parameters `position_key` [Hk·D] and
   * `position_value` [Hk·Dv], 0 at first. It has no place: masks, positions, biases, hooks and dropout of weights don't reach it.
   */
  readonly learnedPosition?: boolean;
  /** Whether there is a key and value of zeros beside the memory's, likewise: a row may attend to nothing. */
  readonly zeroPosition?: boolean;
  /** From scores to weights; 'softmax' by default. 'entmax' has an α, 'sigmoid' a bias that keeps its weights small. */
  readonly normalizer?: HeadNormalizer;
  /** α of 'entmax', at least 1; 'learned' by default: 1 + σ(`alpha`) of each head, parameter `alpha` [Hq], 0 at first. */
  readonly alpha?: number | 'learned';
  /** First value of `sigmoid_bias` [Hq], of 'sigmoid': −log of how many keys there usually are. −log 64 by default. */
  readonly sigmoidBias?: number;
  /** Mixes scores of heads before the softmax and weights after it: `logit_kernel` [Hq, G] and `weight_kernel` [G, Hv]. */
  readonly talkingHeads?: TalkingHeads;
  /** Learns how far each head looks back: parameter `span` [Hq], or `span_kernel` [Q, Hq] and `span_bias` [Hq] when dynamic. */
  readonly span?: Span;
  /** Keeps the first positions and the last ones, and lets the cache forget those between. Looks back only. */
  readonly streaming?: Streaming;
  /** Seed of the initial parameters. */
  readonly seed: number;
  /** Begins the variables' names; 'multiHead' by default. */
  readonly name?: string;
}

type Defaulted = 'keyHeads' | 'headWidth' | 'valueWidth' | 'outputWidth' | 'bias' | 'name';

export type MultiHeadConfig = { readonly kind: 'multiHead' } & MultiHeadOptions &
  Required<Pick<MultiHeadOptions, Defaulted>>;
