import { HeedError } from '@heed/core';
import type { ArrayOf } from './arrays.js';
import { findRule, writeNumbers, type Found, type HostNumbers } from './constants.js';
import { correspond } from './correspondence.js';
import type { GraphWriter } from './graph-writer.js';
import { reachable } from './reachable.js';
import { createSizeSolver } from './sizes.js';
import type { TracedValue } from './traced.js';
import type { Trace } from './trace-engine.js';
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
  const tables = new Map<string, TracedValue[]>();
  for (const [value, { rule }] of found) {
    if (rule.kind === 'table') tables.set(rule.axis, [...(tables.get(rule.axis) ?? []), value]);
  }
  const rows = new Map<TracedValue, (ArrayOf | undefined)[]>();
  for (const [axis, tabulated] of tables) {
    for (let size = 0; size <= traces.limits.longest[axis]; size++) {
      const row = rowsAt(traces, axis, size);
      for (const value of tabulated) rows.set(value, [...(rows.get(value) ?? []), row(value)]);
    }
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

/** The numbers of leaves where an axis has a size. */
function rowsAt(
  { base, graph, tracer }: Traces,
  axis: string,
  size: number,
): (value: TracedValue) => ArrayOf | undefined {
  const trace = tracer.trace(graph, { ...base.sizes, [axis]: size });
  const found = counterparts(base, trace);
  return (value) => {
    const other = found(value);
    return other && { shape: other.shape, values: tracer.evaluate(other) };
  };
}

/**
 * Values of another trace by those of the first. Where an axis is empty or has one element, code may leave steps out; then the numbers that the
 * host wrote are known by their order.
 */
function counterparts(base: Trace, other: Trace): (value: TracedValue) => TracedValue | undefined {
  try {
    const { valueOf } = correspond(base, other);
    return (value) => valueOf.get(value);
  } catch (error) {
    if (!HeedError.isInstance(error)) throw error;
    const isAlike = ({ dtype, shape }: TracedValue, n: number): boolean =>
      dtype === other.written[n].dtype && shape.length === other.written[n].shape.length;
    if (base.written.length !== other.written.length || !base.written.every(isAlike)) return () => undefined;
    return (value) => other.written[base.written.indexOf(value)];
  }
}
