import { createTally, type Cost, type Tally } from '@heed/attention';

/** Parts by name. */
export type Parts<Name extends string, T> = Readonly<Record<Name, T>>;

/** Costs of named parts, of which `add` adds to the tallies. */
export function costsOf<Name extends string>(
  names: readonly Name[],
  add: (parts: Parts<Name, Tally>) => void,
): Parts<Name, Cost> {
  const tallies = byName(names, () => createTally());
  add(tallies);
  return byName(names, (name) => tallies[name].cost);
}

const byName = <Name extends string, T>(names: readonly Name[], valueOf: (name: Name) => T): Parts<Name, T> =>
  Object.fromEntries(names.map((name) => [name, valueOf(name)])) as Record<Name, T>;

/**
 * Parts of an encoder–decoder. 'embedding': both tables of vectors, as looking up takes no products; 'attention': projections
 * of queries and memory, scores and contexts; 'output': what turns states into scores of symbols.
 */
export const ENCODER_DECODER = ['embedding', 'encoder', 'attention', 'decoder', 'output'] as const;

/** Parts of a language model, likewise. */
export const LANGUAGE_MODEL = ['embedding', 'layers', 'attention', 'output'] as const;
