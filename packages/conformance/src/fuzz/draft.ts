import type { OpName } from '@heed/core';

/**
 * Draft of an example, whose fields don't have to fit together. Each number is drawn independently, so that fast-check can shrink
 * it, and `fit` makes a valid example of any draft.
 */
export interface Draft {
  readonly op: OpName;
  readonly batch: number;
  readonly keyHeads: number;
  /** Number of query heads for each key head. */
  readonly group: number;
  readonly queries: number;
  readonly keys: number;
  /** Whether there are as many keys as queries. */
  readonly square: boolean;
  readonly width: number;
  readonly valueWidth: number;
  /** Number of axes before [Tq, Tk] in the scores of `weightedContext`. */
  readonly leadingAxes: number;
  readonly normalizer: number;
  readonly mask: MaskDraft | null;
  readonly bias: readonly BiasDraft[];
  readonly causal: AlignmentDraft | null;
  readonly dropout: { readonly rate: number; readonly seed: number } | null;
  readonly scale: number | null;
  readonly softCap: number | null;
  /** Numbers of formulas; null for no hook. */
  readonly hook: number | null;
  readonly secondHook: number | null;
  readonly weights: boolean;
  readonly logSumExp: boolean;
  readonly magnitude: number;
  /** Whether scores are whole numbers, so that some are equal. */
  readonly ties: boolean;
  /** Number in masked inputs; null for drawn ones. */
  readonly poison: number | null;
}

export interface AlignmentDraft {
  readonly kind: 'none' | 'top-left' | 'bottom-right' | 'offset' | 'offsets';
  readonly offsets: readonly number[];
}

export type MaskDraft =
  | { readonly kind: 'causal'; readonly at: AlignmentDraft }
  | {
      readonly kind: 'slidingWindow';
      readonly left: number | null;
      readonly right: number | null;
      readonly at: AlignmentDraft;
    }
  | { readonly kind: 'padding'; readonly lengths: readonly number[] }
  | { readonly kind: 'segments'; readonly run: number; readonly shift: number }
  | { readonly kind: 'dense'; readonly full: readonly boolean[]; readonly named: boolean; readonly attended: number }
  | { readonly kind: 'both'; readonly masks: readonly MaskDraft[] };

export type BiasDraft =
  | { readonly kind: 'alibi'; readonly slopes: boolean; readonly at: AlignmentDraft }
  | { readonly kind: 'relativePosition'; readonly shared: boolean; readonly reach: number; readonly at: AlignmentDraft }
  | { readonly kind: 'dense'; readonly full: readonly boolean[]; readonly named: boolean; readonly masked: number };
