import type { TracedValue } from './traced.js';

/** All values that outputs are made of. */
export function reachable(outputs: readonly TracedValue[]): ReadonlySet<TracedValue> {
  const seen = new Set<TracedValue>();
  const pending = [...outputs];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (seen.has(value)) continue;
    seen.add(value);
    if (value.origin.kind === 'node') {
      const { inputs, body } = value.origin.node;
      pending.push(...inputs, ...(body?.results ?? []));
    }
  }
  return seen;
}
