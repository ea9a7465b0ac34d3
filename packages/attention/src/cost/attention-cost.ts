import { HeedError, checkOptions, suggestion, show, type OptionNames } from '@heed/core';
import { sum, workOf, type Work } from './tally.js';

/** Shapes of a call of `dotProductAttention` or `additiveAttention` of `@heed/core`. */
export type AttentionProblem = DotProductProblem | AdditiveProblem;

export interface DotProductProblem {
  readonly op: 'dotProductAttention';
  /** B */
  readonly batch: number;
  /** Hq */
  readonly heads: number;
  /** Hk; Hq by default. */
  readonly keyHeads?: number;
  /** Tq */
  readonly queries: number;
  /** Tk */
  readonly keys: number;
  /** D */
  readonly width: number;
  /** Dv; D by default. */
  readonly valueWidth?: number;
}

export interface AdditiveProblem {
  readonly op: 'additiveAttention';
  /** B */
  readonly batch: number;
  /** Tq */
  readonly queries: number;
  /** Tk */
  readonly keys: number;
  /** U */
  readonly units: number;
  /** Dv */
  readonly valueWidth: number;
}

const DOT_PRODUCT: OptionNames<DotProductProblem> = {
  op: true,
  batch: true,
  heads: true,
  keyHeads: true,
  queries: true,
  keys: true,
  width: true,
  valueWidth: true,
};
const ADDITIVE: OptionNames<AdditiveProblem> = {
  op: true,
  batch: true,
  queries: true,
  keys: true,
  units: true,
  valueWidth: true,
};
const OPS = ['dotProductAttention', 'additiveAttention'] as const satisfies readonly AttentionProblem['op'][];

export interface AttentionCost {
  readonly forward: Work;
  /** Forward and backward, which finds the scores again: no weights are kept in between. */
  readonly training: Work;
  /**
   * Bytes of the largest arrays that a form composed of plain ops holds and this one doesn't: scores and weights [B, H, Tq, Tk];
   * with additive scores also tanh(q + k) [B, Tq, Tk, U].
   */
  readonly composedBytes: number;
}

/**
 * What attention takes without a mask: one that a kernel understands (causal, padding, a window) saves it the blocks that
 * are masked as a whole.
 *
 * For each pair of query and key, dot-product scores take D multiply–adds, contexts Dv and a softmax one exponential; backward
 * takes the scores again (D), Dv each for the gradients in weights and values, and D each for those in query and key.
 * Additive scores take U multiply–adds and U tangents; backward takes them again, and 3U multiply–adds for the gradients in
 * query, key and vector.
 *
 * @throws HeedError INVALID_ARGUMENT for a length that is no whole number ≥ 0, or heads that share no keys
 */
export function costOfAttention(problem: AttentionProblem): AttentionCost {
  switch (problem.op) {
    case 'dotProductAttention':
      checkOptions('costOfAttention', problem, DOT_PRODUCT);
      checkCounts(
        'costOfAttention',
        problem,
        ['batch', 'heads', 'queries', 'keys', 'width'],
        ['keyHeads', 'valueWidth'],
      );
      return costOfDotProduct(problem);
    case 'additiveAttention':
      checkOptions('costOfAttention', problem, ADDITIVE);
      checkCounts('costOfAttention', problem, ['batch', 'queries', 'keys', 'units', 'valueWidth']);
      return costOfAdditive(problem);
    default: {
      const { op } = problem as { op?: unknown };
      throw new HeedError('INVALID_ARGUMENT', {
        message: `costOfAttention: there is no op ${show(op)}`,
        hint: suggestion(String(op), OPS, 'ops are'),
      });
    }
  }
}

function costOfDotProduct(problem: DotProductProblem): AttentionCost {
  const { batch, heads, keyHeads = heads, queries, keys, width, valueWidth = width } = problem;
  if (keyHeads === 0 ? heads > 0 : heads % keyHeads !== 0) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `costOfAttention: ${heads} heads can't share the keys of ${keyHeads}`,
      hint: 'keyHeads must divide heads',
    });
  }
  const pairs = batch * heads * queries * keys;
  const inputs = batch * (heads * queries * width + keyHeads * keys * (width + valueWidth));
  const output = batch * heads * queries * valueWidth;
  const forward = workOf({
    multiplyAdds: pairs * (width + valueWidth),
    functions: pairs,
    numbers: inputs + output,
  });
  const backward = workOf({
    multiplyAdds: pairs * (3 * width + 2 * valueWidth),
    functions: pairs,
    numbers: 2 * inputs + output,
  });
  return { forward, training: sum(forward, backward), composedBytes: 4 * 2 * pairs };
}

function costOfAdditive({ batch, queries, keys, units, valueWidth }: AdditiveProblem): AttentionCost {
  const pairs = batch * queries * keys;
  const inputs = batch * (queries * units + keys * (units + valueWidth)) + units;
  const output = batch * queries * valueWidth;
  const forward = workOf({
    multiplyAdds: pairs * (units + valueWidth),
    functions: pairs * (units + 1),
    numbers: inputs + output,
  });
  const backward = workOf({
    multiplyAdds: pairs * (4 * units + 2 * valueWidth),
    functions: pairs * (units + 1),
    numbers: 2 * inputs + output,
  });
  return { forward, training: sum(forward, backward), composedBytes: 4 * pairs * (2 + units) };
}

/** @throws HeedError INVALID_ARGUMENT for a count that is missing or no whole number ≥ 0 */
export function checkCounts<Counts>(
  what: string,
  counts: Counts,
  names: readonly (keyof Counts & string)[],
  optional: readonly (keyof Counts & string)[] = [],
): void {
  for (const name of [...names, ...optional]) {
    const count = counts[name];
    if (count === undefined && optional.includes(name)) continue;
    if (Number.isSafeInteger(count) && (count as number) >= 0) continue;
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${what}: ${name} is ${show(count)}`,
      hint: 'a whole number ≥ 0',
      details: { name },
    });
  }
}
