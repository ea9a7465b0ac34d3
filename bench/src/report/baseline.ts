import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { isRelative } from '../figure.js';
import type { Line } from './lines.js';

const text = v.string();
const Entry = v.object({
  case: text,
  name: text,
  unit: text,
  direction: v.picklist(['least', 'most']),
  measured: v.number(),
  node: text,
  machine: text,
});

/** A figure of before, as `--json` wrote it. */
export type Entry = v.InferOutput<typeof Entry>;

/**
 * Reads what `--json` wrote.
 *
 * @throws Error for a file of another kind
 */
export async function readBaseline(file: string): Promise<readonly Entry[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line.trim() !== '');
  try {
    if (lines.length === 0) throw new Error('it is empty');
    return lines.map((line) => v.parse(Entry, JSON.parse(line)));
  } catch (error) {
    throw new Error(`${file} isn't a result of --json: ${(error as Error).message}`, { cause: error });
  }
}

const major = ({ node }: Pick<Entry, 'node'>): string => node.split('.')[0];

/** Whether figures of before say something of figures of now: of the same Node, and times of the same machine, too. */
const isComparable = (before: Entry, now: Line): boolean =>
  before.name === now.name && major(before) === major(now) && (isRelative(now) || before.machine === now.machine);

/** A figure with that of before. */
export interface Compared {
  readonly now: Line;
  readonly before: number;
}

/** The figures that can be compared with the baseline. */
export const comparable = (baseline: readonly Entry[], lines: readonly Line[]): Compared[] =>
  lines.flatMap((now) => {
    const before = baseline.find((entry) => isComparable(entry, now))?.measured;
    return before === undefined ? [] : [{ now, before }];
  });

/** Those that are worse than before by more than `share` of it. */
export const regressions = (compared: readonly Compared[], share: number): Compared[] =>
  compared.filter(({ now: { direction, measured }, before }) =>
    direction === 'least' ? measured < before * (1 - share) : measured > before * (1 + share),
  );
