import type { AdditiveExample, DotProductExample, WeightedExample } from './example.js';

/** Small example whose sizes all differ, so that a mix-up of axes is found. Cases give only what differs from it. */
export function dot(changes: Partial<DotProductExample> = {}): DotProductExample {
  return {
    op: 'dotProductAttention',
    batch: 2,
    heads: 3,
    keyHeads: 3,
    queries: 5,
    keys: 7,
    width: 4,
    valueWidth: 6,
    ...changes,
  };
}

export function add(changes: Partial<AdditiveExample> = {}): AdditiveExample {
  return { op: 'additiveAttention', batch: 2, queries: 5, keys: 7, units: 4, valueWidth: 6, ...changes };
}

export function weigh(changes: Partial<WeightedExample> = {}): WeightedExample {
  return { op: 'weightedContext', leading: [2, 3], queries: 5, keys: 7, valueWidth: 6, ...changes };
}

/** Both outputs besides the context, for cases that check everything. */
export const ALL_OUTPUTS = ['weights', 'logSumExp'] as const;
