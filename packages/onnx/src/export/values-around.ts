import type { TracedValue } from './traced.js';

/** Values that a step of a loop uses, or gives, and that don't depend on its parameters. */
export function valuesAround(
  parameters: readonly TracedValue[],
  results: readonly TracedValue[],
): readonly TracedValue[] {
  const isInner = new Map<TracedValue, boolean>(parameters.map((parameter) => [parameter, true]));
  const inputsOf = ({ origin }: TracedValue): readonly TracedValue[] =>
    origin.kind === 'node' ? origin.node.inputs : [];
  // Inputs before what is made of them; not by recursion, which a long step might be too deep for.
  const pending = [...results];
  for (let value = pending.at(-1); value !== undefined; value = pending.at(-1)) {
    const inputs = inputsOf(value);
    const open = isInner.has(value) ? [] : inputs.filter((input) => !isInner.has(input));
    if (open.length > 0) {
      pending.push(...open);
      continue;
    }
    if (!isInner.has(value))
      isInner.set(
        value,
        inputs.some((input) => isInner.get(input)),
      );
    pending.pop();
  }
  const around = new Set<TracedValue>(results.filter((result) => !isInner.get(result)));
  for (const [value, inner] of isInner) {
    if (inner) for (const input of inputsOf(value)) if (!isInner.get(input)) around.add(input);
  }
  return [...around];
}
