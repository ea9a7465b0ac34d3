import { DEFINITIONS, type TorchKind } from './modules/index.js';
import { storedIn, type StateSource, type Stored } from './state/stored.js';
import { shapesOf, type Part } from './state/parameters.js';

/** A module that was found in a state dict. */
export interface FoundModule {
  /** What to give `fromTorch`; '' for the whole. */
  readonly prefix: string;
  readonly kind: TorchKind;
}

/**
 * Modules of a state dict that `fromTorch` can make, by their keys and shapes: the outermost ones, in the order of the dict. A table of
 * numbers by itself is taken for an `Embedding`, though a `Linear` without bias has the same keys.
 *
 * @throws HeedError INVALID_ARGUMENT; FILE_INVALID, FILE_TOO_LARGE, DTYPE_UNSUPPORTED for bytes
 */
export const modulesIn = (source: StateSource): readonly FoundModule[] => modulesAmong(storedIn(source));

export function modulesAmong(stored: ReadonlyMap<string, Stored>): readonly FoundModule[] {
  const found: FoundModule[] = [];
  const isInside = (prefix: string): boolean =>
    found.some((outer) => outer.prefix === '' || prefix.startsWith(`${outer.prefix}.`));
  for (const prefix of prefixesOf(stored)) {
    const kind = isInside(prefix) ? undefined : kindsOf(partOf(stored, prefix))[0];
    if (kind !== undefined) found.push({ prefix, kind });
  }
  return found;
}

/** Every prefix, outer ones first. */
function prefixesOf(stored: ReadonlyMap<string, Stored>): readonly string[] {
  const prefixes = new Set<string>(['']);
  for (const key of stored.keys()) {
    const parts = key.split('.');
    for (let n = 1; n < parts.length; n++) prefixes.add(parts.slice(0, n).join('.'));
  }
  return [...prefixes];
}

/** Kinds that a part has the keys of. */
export function kindsOf(part: Part): readonly TorchKind[] {
  const shapes = shapesOf(part);
  return Object.values(DEFINITIONS).flatMap(({ kind, recognises }) => (recognises(shapes) ? [kind] : []));
}

/** What lies under a prefix. */
export function partOf(stored: ReadonlyMap<string, Stored>, module: string): Part {
  const prefix = module === '' ? '' : `${module}.`;
  const inside = [...stored].filter(([key]) => key.startsWith(prefix));
  return { prefix, stored: new Map(inside.map(([key, value]) => [key.slice(prefix.length), value])) };
}
