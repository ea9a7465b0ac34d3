import type { ArrayOf } from './arrays.js';
import { findRule, writeNumbers, type Found, type HostNumbers } from './constants.js';
import type { GraphWriter } from './graph-writer.js';
import { reachable } from './reachable.js';
import { createSizeSolver } from './sizes.js';
import type { TracedValue } from './traced.js';
import { tablesOf } from './tables.js';
import type { Traces } from './traces.js';

/** How the numbers that the host made follow from sizes. */
export interface LeafRules {
  /** Writes what makes a value that the host made, and returns its name. */
  write(write: GraphWriter, value: TracedValue): string;
}

/**
 * Finds the rules of all leaves, and adds the traces that they need: one in which all axes of a table have their greatest sizes, and for tables
 * with a row for each size of an axis one for each.
 */
export function leafRules(traces: Traces): LeafRules {
  const { base, tracer } = traces;
  const values = [...reachable(Object.values(base.outputs))].filter(
    (value) => value.origin.kind === 'host' || (value.isKnown && traces.isMadeOtherwise(value)),
  );
  const numbersOf = (value: TracedValue): HostNumbers => {
    const { dtype, origin } = value;
    const arrays = traces.all(value).map((one) => ({ shape: one.shape, values: tracer.evaluate(one) }));
    return { dtype, arrays, name: origin.kind === 'host' ? origin.name : undefined };
  };
  const rules = (): Map<TracedValue, Found> => {
    const solver = createSizeSolver(traces.assignments);
    const solves = (size: readonly number[]): boolean => solver.find(size) !== undefined;
    return new Map(values.map((value) => [value, findRule(numbersOf(value), traces.assignments, solves)]));
  };
  for (const { rule } of rules().values()) {
    if (rule.kind !== 'beginning') continue;
    const most = rule.axes.map((axis) => [axis, traces.limits.longest[axis]]);
    traces.add({ ...base.sizes, ...Object.fromEntries(most) });
  }
  const found = rules();
  const rows = new Map<TracedValue, readonly (ArrayOf | undefined)[]>();
  const tabulated = [...found].flatMap(([value, { rule }]) =>
    rule.kind === 'table' ? [[value, rule.axis] as const] : [],
  );
  for (const axis of new Set(tabulated.map(([, axis]) => axis))) {
    const values = tabulated.flatMap(([value, own]) => (own === axis ? [value] : []));
    for (const [value, table] of tablesOf(traces, axis, values)) rows.set(value, table);
  }
  return {
    write(write, value) {
      const { assignments, limits } = traces;
      return writeNumbers(write, numbersOf(value), found.get(value)!, {
        assignments,
        longest: limits.longest,
        rows: rows.get(value) ?? [],
      });
    },
  };
}
