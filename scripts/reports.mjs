// Reports of `heed eval … --json`, as they are kept in docs/results.
import { readFile } from 'node:fs/promises';

/** Reads a report; its last event has the figures. */
export async function readReport(path) {
  return JSON.parse((await readFile(path, 'utf8')).trim().split('\n').at(-1));
}
