import { HeedError } from '@heed/core';
import { areSame, type ArrayOf } from './arrays.js';
import { correspond } from './correspondence.js';
import type { Assignment } from './sizes.js';
import type { TracedValue } from './traced.js';
import type { Traces } from './traces.js';

type Rows = readonly (ArrayOf | undefined)[];

/** Numbers that the host made at each size of an axis, from 0 to its greatest; undefined where they aren't known. */
export function tablesOf(traces: Traces, axis: string, values: readonly TracedValue[]): ReadonlyMap<TracedValue, Rows> {
  const { tracer } = traces;
  // Each layer may make the same numbers again.
  const firstAlike = new Map(values.map((value) => [value, values.find((other) => areAlike(traces, other, value))!]));
  const needed = [...new Set(firstAlike.values())];
  const rowsOf = finderOf(traces, needed);
  const tables = new Map(needed.map((value) => [value, [] as (ArrayOf | undefined)[]]));
  for (let size = 0; size <= traces.limits.longest[axis]; size++) {
    const found = rowsOf({ ...traces.base.sizes, [axis]: size });
    needed.forEach((value, n) => {
      const row = found[n];
      tables.get(value)!.push(row && { shape: row.shape, values: tracer.evaluate(row) });
    });
  }
  return new Map(values.map((value) => [value, tables.get(firstAlike.get(value)!)!]));
}

function areAlike(traces: Traces, a: TracedValue, b: TracedValue): boolean {
  if (a === b) return true;
  if (a.dtype !== b.dtype) return false;
  const others = traces.all(b);
  const arrayOf = (value: TracedValue): ArrayOf => ({ shape: value.shape, values: traces.tracer.evaluate(value) });
  return traces.all(a).every((value, trace) => areSame(arrayOf(value), arrayOf(others[trace])));
}

type Found = readonly (TracedValue | undefined)[];

/** What finds values at other sizes. Where all traces wrote them at the same places among the host's numbers, a run ends with the last of them. */
function finderOf(traces: Traces, values: readonly TracedValue[]): (sizes: Assignment) => Found {
  const { graph, tracer } = traces;
  const places = values.map((value) => traces.placeOf(value));
  const isPlaced = places.every((place) => place !== undefined);
  return (sizes) => {
    // Code may leave steps out where an axis is empty or of one element: there all of it is compared.
    if (!isPlaced || Object.values(sizes).some((size) => size < 2)) return inWhole(traces, values, places, sizes);
    const written = tracer.written(graph, sizes, Math.max(...places) + 1);
    return values.map((value, n) => alike(value, written[places[n]]));
  };
}

function inWhole(
  { base, graph, tracer }: Traces,
  values: readonly TracedValue[],
  places: Places,
  sizes: Assignment,
): Found {
  const trace = tracer.trace(graph, sizes);
  try {
    const { valueOf } = correspond(base, trace);
    return values.map((value) => valueOf.get(value));
  } catch (error) {
    if (!HeedError.isInstance(error)) throw error;
    const { written } = trace;
    const isWhole =
      written.length === base.written.length && base.written.every((value, n) => alike(value, written[n]));
    return values.map((_, n) => (isWhole ? written[places[n] ?? -1] : undefined));
  }
}

type Places = readonly (number | undefined)[];

const alike = (value: TracedValue, found: TracedValue | undefined): TracedValue | undefined =>
  found !== undefined && found.dtype === value.dtype && found.shape.length === value.shape.length ? found : undefined;
