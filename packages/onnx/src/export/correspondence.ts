import { HeedError } from '@heed/core';
import { describe } from './sizes.js';
import type { Trace } from './trace-engine.js';
import type { TracedValue } from './traced.js';

/** Values of another trace by those of the first, as far as outputs need them. */
export interface Correspondence {
  readonly valueOf: ReadonlyMap<TracedValue, TracedValue>;
  /** Values that depend on no input and were made in another way. */
  readonly madeOtherwise: ReadonlySet<TracedValue>;
}

/**
 * Matches two traces of a graph: the same kernels on corresponding values, whatever their sizes.
 *
 * @throws HeedError INVALID_ARGUMENT where what is computed depends on the sizes
 */
export function correspond(base: Trace, other: Trace): Correspondence {
  const valueOf = new Map<TracedValue, TracedValue>();
  const madeOtherwise = new Set<TracedValue>();
  const names = Object.keys(base.outputs);
  if (names.join() !== Object.keys(other.outputs).join()) refuse(base, other, `outputs ${names.join(', ')}`, 'others');
  const pending = names.map((name) => [base.outputs[name], other.outputs[name]] as const);
  for (let pair = pending.pop(); pair !== undefined; pair = pending.pop()) {
    const [a, b] = pair;
    const known = valueOf.get(a);
    if (known === b) continue;
    if (known !== undefined && !(a.isKnown && b.isKnown)) refuse(base, other, describeValue(a), 'several values');
    valueOf.set(a, b);
    if (a.isKnown && b.isKnown && !isAlike(a, b)) {
      madeOtherwise.add(a);
      continue;
    }
    if (!isSameStep(a, b)) refuse(base, other, describeValue(a), describeValue(b));
    pending.push(...inputPairs(a, b));
  }
  return { valueOf, madeOtherwise };
}

/** Whether two values come from the same step, whatever went into it. */
function isSameStep({ origin: a, dtype, shape }: TracedValue, { origin: b, ...other }: TracedValue): boolean {
  if (dtype !== other.dtype || shape.length !== other.shape.length) return false;
  if (a.kind === 'node' && b.kind === 'node') {
    const results = [a, b].map(({ node: { body } }) => body?.results.length);
    return (
      a.index === b.index &&
      a.node.kernel === b.node.kernel &&
      a.node.names.join() === b.node.names.join() &&
      results[0] === results[1]
    );
  }
  if (a.kind === 'parameter' && b.kind === 'parameter') return a.index === b.index;
  return a.kind === 'input' && b.kind === 'input' ? a.name === b.name : a.kind === b.kind;
}

function inputPairs({ origin: a }: TracedValue, { origin: b }: TracedValue): (readonly [TracedValue, TracedValue])[] {
  if (a.kind !== 'node' || b.kind !== 'node') return [];
  const [first, second] = [a.node, b.node].map(({ inputs, body }) => inputs.concat(body?.results ?? []));
  return first.map((value, n) => [value, second[n]] as const);
}

/** Whether values come from the same steps all the way. */
function isAlike(a: TracedValue, b: TracedValue): boolean {
  const pending: (readonly [TracedValue, TracedValue])[] = [[a, b]];
  const seen = new Set<TracedValue>();
  for (let pair = pending.pop(); pair !== undefined; pair = pending.pop()) {
    if (seen.has(pair[0])) continue;
    seen.add(pair[0]);
    if (!isSameStep(...pair)) return false;
    pending.push(...inputPairs(...pair));
  }
  return true;
}

const describeValue = ({ origin, shape }: TracedValue): string => {
  if (origin.kind === 'node') return `${origin.node.kernel} [${shape}]`;
  if (origin.kind === 'input') return `the input '${origin.name}'`;
  return origin.kind === 'parameter' ? `a step's input [${shape}]` : `numbers [${shape}]`;
};

function refuse(base: Trace, other: Trace, a: string, b: string): never {
  throw new HeedError('INVALID_ARGUMENT', {
    message: `exportGraph: the graph computes ${a} where ${describe(base.sizes)}, but ${b} where ${describe(other.sizes)}`,
    hint: 'a model does the same for all sizes: give the axis a fixed size, or compute the same way whatever it is',
    details: { sizes: [base.sizes, other.sizes] },
  });
}
