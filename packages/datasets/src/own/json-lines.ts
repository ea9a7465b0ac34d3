import { fileError } from './file-error.js';
import { linesOf, type Reading } from './lines.js';
import type { DataFile } from './own-data.js';
import { isBlank } from './row.js';

/** An object of a JSON Lines file, and its line. */
export interface JsonRow {
  readonly line: number;
  readonly values: ReadonlyMap<string, unknown>;
}

/**
 * Objects of a JSON Lines file, one in each line, some in each step; blank lines are skipped and counted.
 *
 * @throws HeedError FILE_INVALID with the line
 * @see https://jsonlines.org
 */
export async function* jsonRows(
  file: DataFile,
  reading: Reading,
): AsyncGenerator<{ readonly rows: readonly JsonRow[]; readonly blank: number }> {
  let line = 1;
  for await (const lines of linesOf(file, reading)) {
    const rows: JsonRow[] = [];
    lines.forEach((text, n) => {
      if (!isBlank(text)) rows.push({ line: line + n, values: objectOf(text, file.name, line + n) });
    });
    yield { rows, blank: lines.length - rows.length };
    line += lines.length;
  }
}

function objectOf(text: string, file: string, line: number): ReadonlyMap<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw fileError({ file, line }, `this isn't JSON: ${(cause as Error).message}`, HINT);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw fileError({ file, line }, 'the JSON of the line is not an object', HINT);
  }
  return new Map(Object.entries(value));
}

const HINT = 'each line is an object such as {"source": "…", "target": "…"}; a target may be an array of texts';
