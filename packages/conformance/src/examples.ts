import type { AdditiveExample, DotProductExample, WeightedExample } from './example.js';

/** Small examples with no two sizes alike, so that a mixed-up axis shows. Cases state only how they differ. */
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

/** Both extra outputs, for examples whose cases look at everything. */
export const ALL_OUTPUTS = ['weights', 'logSumExp'] as const;
