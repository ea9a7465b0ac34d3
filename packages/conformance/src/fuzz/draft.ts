import { NORMALIZERS, type Alignment, type Axes, type OpName } from '@heed/core';
import { isSparse } from '../oracle/normalizers.js';
import { scoreSizes, type BiasSpec, type MaskSpec, type Example, type ScoreSizes } from '../example.js';

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

/** Given sizes, those of a tensor which exists already. */
interface Given {
  readonly batch: number;
  readonly heads: number;
  readonly queries: number;
  readonly width: number;
}

/** Valid example that follows the draft as far as possible; with `given`, a dot product with that query. */
export function fit(draft: Draft, given?: Given): Example {
  const bare = bareExample(draft, given);
  const sizes = scoreSizes(bare);
  const { mask, causal, dropout, weights, logSumExp, magnitude, poison } = draft;
  return {
    ...bare,
    ...(mask && { mask: fitMask(mask, sizes, bare.op === 'additiveAttention') }),
    ...(causal && { causal: fitCausal(causal, sizes) }),
    ...(dropout && { dropout }),
    outputs: [
      ...(weights ? (['weights'] as const) : []),
      ...(logSumExp && bare.op !== 'weightedContext' ? (['logSumExp'] as const) : []),
    ],
    ...(magnitude !== 1 && { magnitude: magnitudes(bare, magnitude) }),
    ...(draft.ties && hasTies(bare) && { grid: { scores: 1 } }),
    ...(poison !== null && {
      poison: poisoned(bare).map((input) => ({ input, value: poison, at: 'masked' as const })),
    }),
  };
}

function bareExample(draft: Draft, given?: Given): Example {
  const { batch, keyHeads, group, valueWidth, width } = draft;
  const queries = given?.queries ?? draft.queries;
  const keys = draft.square ? queries : draft.keys;
  if (given !== undefined || draft.op === 'dotProductAttention') {
    const heads = given?.heads ?? keyHeads * group;
    return {
      op: 'dotProductAttention',
      batch,
      width,
      queries,
      keys,
      valueWidth,
      heads,
      ...given,
      keyHeads: heads % keyHeads === 0 ? keyHeads : 1,
      ...(draft.scale !== null && { scale: draft.scale }),
      ...(draft.softCap !== null && { softCap: draft.softCap }),
      ...fitBias(draft.bias, { batch: given?.batch ?? batch, heads, queries, keys }),
    };
  }
  if (draft.op === 'additiveAttention') return { op: draft.op, batch, queries, keys, units: width, valueWidth };
  return {
    op: draft.op,
    leading: [group, batch, keyHeads].slice(3 - draft.leadingAxes),
    queries,
    keys,
    valueWidth,
    normalizer: NORMALIZERS[draft.normalizer % NORMALIZERS.length],
  };
}

/** Magnitudes of the inputs that scores depend on; values may have any size. */
function magnitudes({ op }: Example, magnitude: number): Record<string, number> {
  return op === 'weightedContext' ? { scores: magnitude } : { query: magnitude };
}

/** Whether scores may have ties. There the gradient of sparse normalisers jumps, so it can't be checked. */
function hasTies(example: Example): boolean {
  return example.op === 'weightedContext' && !isSparse(example.normalizer ?? 'softmax');
}

function poisoned({ op }: Example): readonly string[] {
  return op === 'weightedContext' ? ['value'] : ['key', 'value'];
}

function fitCausal(draft: AlignmentDraft, sizes: ScoreSizes): true | Alignment {
  const alignment = fitAlignment(draft, sizes);
  return Object.keys(alignment).length === 0 ? true : alignment;
}

function fitAlignment({ kind, offsets }: AlignmentDraft, { batch, queries, keys }: ScoreSizes): Alignment {
  switch (kind) {
    case 'none':
      return queries === keys ? {} : { align: 'top-left' };
    case 'offset':
      return { offset: offsets[0] };
    case 'offsets':
      return { offset: Array.from({ length: batch }, (_, b) => offsets[b % offsets.length]) };
    default:
      return { align: kind };
  }
}

/**
 * Valid mask that follows a draft.
 *
 * @param isHeadless whether it must be the same for all heads
 */
export function fitMask(draft: MaskDraft, sizes: ScoreSizes, isHeadless = false): MaskSpec {
  const { batch, queries, keys } = sizes;
  const perBatch = <T>(value: (b: number) => T): T[] => Array.from({ length: batch }, (_, b) => value(b));
  switch (draft.kind) {
    case 'causal':
      return { kind: 'causal', ...fitAlignment(draft.at, sizes) };
    case 'slidingWindow':
      return {
        kind: 'slidingWindow',
        ...(draft.left !== null && { left: draft.left }),
        ...(draft.right !== null && { right: draft.right }),
        ...fitAlignment(draft.at, sizes),
      };
    case 'padding':
      return { kind: 'padding', lengths: perBatch((b) => draft.lengths[b % draft.lengths.length] % (keys + 1)) };
    case 'segments': {
      const ids = (count: number, shift: number): number[] =>
        Array.from({ length: count }, (_, i) => Math.floor((i + shift) / draft.run));
      return { kind: 'segments', query: perBatch((b) => ids(queries, b)), key: perBatch(() => ids(keys, draft.shift)) };
    }
    case 'dense':
      return {
        kind: 'dense',
        ...denseShape(isHeadless ? { ...sizes, heads: 1 } : sizes, draft),
        attended: draft.attended,
      };
    case 'both':
      return { kind: 'both', masks: draft.masks.map((mask) => fitMask(mask, sizes, isHeadless)) };
  }
}

function fitBias(drafts: readonly BiasDraft[], sizes: ScoreSizes): { bias?: BiasSpec } {
  const biases = drafts.map((draft): BiasSpec => {
    switch (draft.kind) {
      case 'alibi': {
        const slopes = Array.from({ length: sizes.heads }, (_, h) => (h - 1) / 4);
        return { kind: 'alibi', ...(draft.slopes && { slopes }), ...fitAlignment(draft.at, sizes) };
      }
      case 'relativePosition': {
        const rows = draft.shared ? 1 : sizes.heads;
        return { kind: 'relativePosition', rows, reach: draft.reach, ...fitAlignment(draft.at, sizes) };
      }
      case 'dense':
        return { kind: 'dense', ...denseShape(sizes, draft), masked: draft.masked };
    }
  });
  if (biases.length === 0) return {};
  return { bias: biases.length === 1 ? biases[0] : { kind: 'sum', biases } };
}

/**
 * Shape of a dense mask, whose axes have their full length or 1. With names, axes of length 1 are left out; without names, leading
 * ones are, and the axes still get names when they would be ambiguous.
 */
function denseShape(
  { batch, heads, queries, keys }: ScoreSizes,
  { full, named }: { readonly full: readonly boolean[]; readonly named: boolean },
): { shape: number[]; axes?: Axes } {
  const all = [...'bhqk'].map((letter, axis) => ({ letter, length: [batch, heads, queries, keys][axis], axis }));
  const kept = all.filter(({ axis }) => (named ? full[axis] : full.indexOf(true) >= 0 && axis >= full.indexOf(true)));
  if (kept.length === 0) return { shape: [1] };
  const shape = kept.map(({ length, axis }) => (full[axis] ? length : 1));
  const axes = kept.map(({ letter }) => letter).join('') as Axes;
  return named || axes === 'hqk' ? { shape, axes } : { shape };
}
