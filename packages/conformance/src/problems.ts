import type { AdditiveProblem, DotProductProblem, WeightedProblem } from './problem.js';

/** Small problems with no two sizes alike, so that a mixed-up axis shows. Cases state only how they differ. */
export function dot(changes: Partial<DotProductProblem> = {}): DotProductProblem {
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

export function add(changes: Partial<AdditiveProblem> = {}): AdditiveProblem {
  return { op: 'additiveAttention', batch: 2, queries: 5, keys: 7, units: 4, valueWidth: 6, ...changes };
}

export function weigh(changes: Partial<WeightedProblem> = {}): WeightedProblem {
  return { op: 'weightedContext', leading: [2, 3], queries: 5, keys: 7, valueWidth: 6, ...changes };
}

/** Both extra outputs, for problems whose cases look at everything. */
export const ALL_OUTPUTS = ['weights', 'logSumExp'] as const;
