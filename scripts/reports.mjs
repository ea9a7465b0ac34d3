// Reports of `heed eval … --json`, as they are kept in docs/results.
import { readFile } from 'node:fs/promises';

/** The last event of a report has its figures. */
export async function readReport(path) {
  return JSON.parse((await readFile(path, 'utf8')).trim().split('\n').at(-1));
}
