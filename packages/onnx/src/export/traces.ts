import type { Graph } from './graph.js';
import { correspond, type Correspondence } from './correspondence.js';
import { assignmentsFor, longAssignments, type Assignment, type Limits } from './sizes.js';
import type { Trace, Tracer } from './trace-engine.js';
import type { TracedValue } from './traced.js';

/** Traces of one graph at several sizes, which compute the same. */
export class Traces {
  readonly base: Trace;
  readonly #others: { readonly trace: Trace; readonly match: Correspondence }[] = [];

  constructor(
    readonly graph: Graph,
    readonly tracer: Tracer,
    readonly limits: Limits,
  ) {
    const [first, ...more] = assignmentsFor(limits);
    this.base = tracer.trace(graph, first);
    for (const sizes of [...more, ...longAssignments(first, limits.longest)]) this.add(sizes);
  }

  /** A trace at further sizes; it counts from now on. */
  add(sizes: Assignment): void {
    if (this.assignments.some((known) => sameSizes(known, sizes))) return;
    const trace = this.tracer.trace(this.graph, sizes);
    this.#others.push({ trace, match: correspond(this.base, trace) });
  }

  get assignments(): readonly Assignment[] {
    return [this.base, ...this.#others.map(({ trace }) => trace)].map(({ sizes }) => sizes);
  }

  /** A value of the first trace in all of them. */
  all(value: TracedValue): readonly TracedValue[] {
    return [value, ...this.#others.map(({ match }) => match.valueOf.get(value)!)];
  }

  /** Which of the numbers that the host wrote a value is, where that is the same in all traces. */
  placeOf(value: TracedValue): number | undefined {
    const place = this.base.written.indexOf(value);
    const isThere = this.#others.every(({ trace, match }) => trace.written[place] === match.valueOf.get(value));
    return place >= 0 && isThere ? place : undefined;
  }

  /** Whether some trace made the value, which depends on no input, in another way. */
  isMadeOtherwise(value: TracedValue): boolean {
    return this.#others.some(({ match }) => match.madeOtherwise.has(value));
  }
}

const sameSizes = (a: Assignment, b: Assignment): boolean => Object.keys(a).every((axis) => a[axis] === b[axis]);
