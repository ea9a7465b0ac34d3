import type { MaskSpec } from '../example.js';

/** Masks for B 2, H 3, Tq 5, Tk 7: each type in each of its forms, by name. */
export const SINGLE_MASKS: Readonly<Record<string, MaskSpec>> = {
  'causal-top-left': { kind: 'causal', align: 'top-left' },
  'causal-bottom-right': { kind: 'causal', align: 'bottom-right' },
  'causal-offset4': { kind: 'causal', offset: 4 },
  'causal-offset-negative': { kind: 'causal', offset: -3 },
  'causal-offset-beyond': { kind: 'causal', offset: 1000 },
  'causal-offset-before': { kind: 'causal', offset: -1000 },
  'causal-offsets': { kind: 'causal', offset: [-2, 3] },
  'window-l1-r2-bottom-right': { kind: 'slidingWindow', left: 1, right: 2, align: 'bottom-right' },
  'window-l2-r1-top-left': { kind: 'slidingWindow', left: 2, right: 1, align: 'top-left' },
  'window-l0-r0': { kind: 'slidingWindow', left: 0, right: 0, align: 'top-left' },
  'window-left-open': { kind: 'slidingWindow', right: 1, align: 'top-left' },
  'window-right-open': { kind: 'slidingWindow', left: 1, align: 'bottom-right' },
  'window-open': { kind: 'slidingWindow', align: 'top-left' },
  'window-offsets': { kind: 'slidingWindow', left: 1, right: 1, offset: [-2, 4] },
  padding: { kind: 'padding', lengths: [3, 6] },
  'padding-zero': { kind: 'padding', lengths: [0, 5] },
  'padding-all-zero': { kind: 'padding', lengths: [0, 0] },
  'padding-full': { kind: 'padding', lengths: [7, 7] },
  segments: {
    kind: 'segments',
    query: [
      [0, 0, 1, 1, 2],
      [4, 4, 4, -1, 9],
    ],
    key: [
      [0, 0, 0, 1, 1, 1, 2],
      [-1, 4, 4, 9, 9, 4, -1],
    ],
  },
  'segments-without-partner': {
    kind: 'segments',
    query: [
      [0, 1, 2, 3, 4],
      [5, 5, 5, 5, 5],
    ],
    key: [
      [0, 0, 9, 9, 3, 3, 3],
      [6, 6, 6, 6, 6, 6, 6],
    ],
  },
  'dense-tq-tk': { kind: 'dense', shape: [5, 7], attended: 0.6 },
  'dense-tk': { kind: 'dense', shape: [7], attended: 0.6 },
  'dense-tq-1': { kind: 'dense', shape: [5, 1], attended: 0.6 },
  'dense-b-1-1-tk': { kind: 'dense', shape: [2, 1, 1, 7], attended: 0.6 },
  'dense-1-1-tq-tk': { kind: 'dense', shape: [1, 1, 5, 7], attended: 0.6 },
  'dense-b-1-tq-tk': { kind: 'dense', shape: [2, 1, 5, 7], attended: 0.6 },
  'dense-empty-rows': { kind: 'dense', shape: [5, 7], attended: 0.8, emptyRows: [0, 3] },
  'dense-empty-columns': { kind: 'dense', shape: [5, 7], attended: 0.8, emptyColumns: [0, 6] },
  'dense-none': { kind: 'dense', shape: [5, 7], attended: 0 },
  'dense-all': { kind: 'dense', shape: [5, 7], attended: 1 },
};

/** Masks whose axes are told by name, for three batches and three heads. */
export const NAMED_MASKS: Readonly<Record<string, MaskSpec>> = {
  'axes-bqk': { kind: 'dense', shape: [3, 5, 7], axes: 'bqk', attended: 0.6 },
  'axes-hqk': { kind: 'dense', shape: [3, 5, 7], axes: 'hqk', attended: 0.6 },
  'axes-bhk': { kind: 'dense', shape: [3, 3, 7], axes: 'bhk', attended: 0.6 },
  'axes-bk': { kind: 'dense', shape: [3, 7], axes: 'bk', attended: 0.6 },
  'axes-h': { kind: 'dense', shape: [3], axes: 'h', attended: 0.6 },
  'axes-bqk+hk': {
    kind: 'both',
    masks: [
      { kind: 'dense', shape: [3, 5, 7], axes: 'bqk', attended: 0.8 },
      { kind: 'dense', shape: [3, 7], axes: 'hk', attended: 0.8 },
    ],
  },
};

/** Dense masks that depend on the head. */
export const HEAD_MASKS: Readonly<Record<string, MaskSpec>> = {
  'dense-h-1-1': { kind: 'dense', shape: [3, 1, 1], attended: 0.6 },
  'dense-h-tq-1': { kind: 'dense', shape: [3, 5, 1], attended: 0.6 },
  'dense-h-tq-tk': { kind: 'dense', shape: [3, 5, 7], attended: 0.6 },
  'dense-b-h-1-tk': { kind: 'dense', shape: [2, 3, 1, 7], attended: 0.6 },
  'dense-b-h-tq-tk': { kind: 'dense', shape: [2, 3, 5, 7], attended: 0.5 },
};

/** One of each type for B 2, Tq 5, Tk 7, such that any two leave something attended and something masked. */
const SMALL: Readonly<Record<string, MaskSpec>> = {
  causal: { kind: 'causal', offset: [1, 3] },
  window: { kind: 'slidingWindow', left: 2, right: 1, align: 'bottom-right' },
  padding: { kind: 'padding', lengths: [4, 6] },
  segments: SINGLE_MASKS['segments'],
  dense: { kind: 'dense', shape: [2, 1, 5, 7], attended: 0.7 },
};

/** Every pair of types, a type with itself included. */
export const MASK_PAIRS: Readonly<Record<string, MaskSpec>> = pairsOf(SMALL, {
  causal: { kind: 'causal', align: 'bottom-right' },
  window: { kind: 'slidingWindow', left: 3, align: 'top-left' },
  padding: { kind: 'padding', lengths: [6, 3] },
  segments: {
    kind: 'segments',
    query: [
      [1, 1, 1, 2, 2],
      [1, 2, 1, 2, 1],
    ],
    key: [
      [1, 1, 1, 1, 2, 2, 2],
      [1, 2, 1, 2, 1, 2, 1],
    ],
  },
  dense: { kind: 'dense', shape: [5, 7], attended: 0.7 },
});

/** Far more queries than keys: whole blocks of them come after the last key that the window lets them see. */
export const WINDOW_BEHIND = {
  queries: 160,
  keys: 40,
  valueWidth: 2,
  mask: { kind: 'slidingWindow', left: 8, align: 'top-left' },
} as const;

/** One of each type for B 1, Tq 70, Tk 67: blocks that are skipped, cut and whole. */
export const LARGE = large(70, 67);
export const LARGE_PAIRS: Readonly<Record<string, MaskSpec>> = pairsOf(LARGE, LARGE);

function large(queries: number, keys: number): Readonly<Record<string, MaskSpec>> {
  const ids = (time: number): number[] => Array.from({ length: time }, (_, t) => Math.floor(t / 23));
  return {
    causal: { kind: 'causal', align: 'bottom-right' },
    window: { kind: 'slidingWindow', left: 9, right: 4, align: 'top-left' },
    padding: { kind: 'padding', lengths: [37] },
    segments: { kind: 'segments', query: [ids(queries)], key: [ids(keys)] },
    dense: { kind: 'dense', shape: [queries, keys], attended: 0.8, emptyRows: [0, 32, 69] },
  };
}

function pairsOf(
  first: Readonly<Record<string, MaskSpec>>,
  second: Readonly<Record<string, MaskSpec>>,
): Record<string, MaskSpec> {
  const names = Object.keys(first);
  const pairs: Record<string, MaskSpec> = {};
  names.forEach((a, n) => {
    for (const b of names.slice(n)) pairs[`${a}+${b}`] = { kind: 'both', masks: [first[a], second[b]] };
  });
  return pairs;
}

/** A mask [B, Tq, Tk] for a batch of 3: the shape of the weights of ops without heads. */
export const PER_BATCH: MaskSpec = { kind: 'dense', shape: [3, 5, 7], attended: 0.6 };
