import { readFile } from 'node:fs/promises';

/** What was measured without the bench, in another program, and written down. */
export interface ByHand {
  readonly case: string;
  /** Program and version. */
  readonly with: string;
  readonly ms: number;
  /** On which machine, and beside what of Heed. */
  readonly at: string;
}

const FILE = new URL('../../pytorch/measured.json', import.meta.url);

export const readByHand = async (): Promise<readonly ByHand[]> =>
  JSON.parse(await readFile(FILE, 'utf8')) as readonly ByHand[];

export const sentenceOf = ({ with: program, ms, at }: ByHand): string =>
  `By hand, not in turns (PYTORCH.md): ${program}: ${ms} ms (${at}).`;
