import type { MechanismKind } from '@heed/attention';
import { MECHANISM_FACTS } from '@heed/attention/facts';
import type { Numbers } from './numbers.js';

export type { MechanismKind };
/** Names of all mechanisms of the library. */
export const MECHANISMS: readonly MechanismKind[] = MECHANISM_FACTS.map(({ kind }) => kind);
/** Those whose weights are the softmax of the scores, which is what the formula's steps show. */
export const FORMULA_MECHANISMS: readonly MechanismKind[] = MECHANISM_FACTS.filter(({ weighs }) => !weighs).map(
  ({ kind }) => kind,
);

/** A number that replaces one of a parameter's initial numbers. */
export interface Edit {
  readonly key: string;
  readonly index: number;
  readonly value: number;
}

/** Sources of vectors: a table of words, or random numbers from the seed and the token's name. */
export const VECTORS = ['words', 'random'] as const;
export type VectorSource = (typeof VECTORS)[number];

export interface AttentionSetup {
  readonly mechanism: MechanismKind;
  readonly query: readonly string[];
  readonly memory: readonly string[];
  /** Source of the query's vectors; a token that the table of words lacks gets a random one. */
  readonly queryVectors: VectorSource;
  readonly memoryVectors: VectorSource;
  /** Width of the vectors, a multiple of the number of heads. */
  readonly width: number;
  readonly heads: number;
  readonly seed: number;
  readonly edits: readonly Edit[];
  /** Whether sinusoidal positions are added to the vectors. */
  readonly positions: boolean;
  readonly temperature: number;
  readonly softCap: number | null;
  readonly dropout: { readonly rate: number; readonly seed: number } | null;
  readonly causal: boolean;
  /** Window: numbers of positions before and after; null for no window. */
  readonly window: readonly [number, number] | null;
  /** Number of positions of the memory that take part; null for all. */
  readonly length: number | null;
}

export interface AttentionAnswer {
  /** Vectors s of the query, [Tq, D]. */
  readonly query: Numbers;
  /** Vectors h of the memory, [Tk, D]. */
  readonly memory: Numbers;
  readonly parameters: readonly (Numbers & { readonly key: string })[];
  /** Tokens that should have vectors of words but are not in the table. */
  readonly unknown: readonly string[];
  /** Scores e of the mechanism, [H, Tq, Tk]. */
  readonly scores: Numbers;
  /** Scores ẽ after temperature and soft cap, [H, Tq, Tk]; null when these change nothing. */
  readonly changed: Numbers | null;
  /** Mask, [Tq, Tk]: 1 where a query may attend to a position of the memory, else 0; null without a mask. */
  readonly allowed: Numbers | null;
  /** Weights α before dropout, [H, Tq, Tk]. */
  readonly weights: Numbers;
  /** Weights dα after dropout, [H, Tq, Tk]; null without dropout. */
  readonly kept: Numbers | null;
  /** States of a mechanism that has some, [Tq, Tk] each: what each query gets from those before it. */
  readonly states: readonly (Numbers & { readonly key: string })[];
  /** Context c, [Tq, C]. */
  readonly context: Numbers;
  readonly path: 'fused' | 'composed' | 'empty';
  readonly reasons: readonly string[];
}
