import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FILE = join(ROOT, 'node_modules', '.cache', 'test-durations.json');

/** Milliseconds that each test file took when it last ran, by `keyOf`. */
export type Durations = Readonly<Record<string, number>>;

/** Name of a test file of a project; a file may be in several. */
export const keyOf = ({ name }: { readonly name: string }, path: string): string => `${name}: ${relative(ROOT, path)}`;

/** Durations of earlier runs; none on a machine that has run no tests. */
export function readDurations(): Durations {
  try {
    return JSON.parse(readFileSync(FILE, 'utf8')) as Durations;
  } catch {
    return {}; // it is a cache: what can't be read is as good as absent
  }
}

/** Keeps durations of a run beside those of other files that ran earlier. */
export function keepDurations(durations: Durations): void {
  mkdirSync(dirname(FILE), { recursive: true });
  writeFileSync(FILE, JSON.stringify({ ...readDurations(), ...durations }, undefined, 1));
}
