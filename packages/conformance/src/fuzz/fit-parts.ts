import type { Alignment, Axes } from '@heed/core';
import type { BiasSpec, MaskSpec, ScoreSizes } from '../example.js';
import { FORMULAS, type FormulaName } from '../hooks.js';
import type { AlignmentDraft, BiasDraft, Draft, MaskDraft } from './draft.js';

/** Valid option `causal` that follows a draft. */
export function fitCausal(draft: AlignmentDraft, sizes: ScoreSizes): true | Alignment {
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

/** Valid bias, the sum of all drafts. */
export function fitBias(drafts: readonly BiasDraft[], sizes: ScoreSizes): { bias?: BiasSpec } {
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

/** Formulas that are well-conditioned whatever the scores are, at most one of each kind. */
const SAFE: readonly FormulaName[] = [
  'decay',
  'causal',
  'temperature',
  'documents',
  'table',
  'every third',
  'lengths',
  'window',
  'gain of weights',
  'masked by −∞',
];

export function fitHooks({ hook, secondHook }: Draft): { readonly hooks?: readonly FormulaName[] } {
  const drawn = [hook, secondHook].flatMap((n) => (n === null ? [] : [SAFE[n % SAFE.length]]));
  const hooks = drawn.filter((name, n) => n === 0 || FORMULAS[name].kind !== FORMULAS[drawn[0]].kind);
  return hooks.length === 0 ? {} : { hooks };
}
