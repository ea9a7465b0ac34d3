import { fileError } from './file-error.js';
import { linesOf } from './lines.js';
import type { DataFile, TableFormat } from './own-data.js';

const BY_NAME: Readonly<Record<string, TableFormat>> = {
  tsv: 'tsv',
  tab: 'tsv',
  csv: 'csv',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
};

/** Format that a file's name says; undefined for other names. */
export const formatByName = (name: string): TableFormat | undefined =>
  BY_NAME[/\.([a-z]+)$/i.exec(name)?.[1].toLowerCase() ?? ''];

/**
 * Format of a table by its name, else by its first line.
 *
 * @throws HeedError FILE_INVALID for an empty file, and one whose first line has no sign of a format
 */
export async function formatOf(file: DataFile): Promise<TableFormat> {
  const format = formatByName(file.name) ?? formatByLine(await firstLine(file));
  if (format !== undefined) return format;
  throw fileError(
    { file: file.name, line: 1 },
    'there is no tab, comma or JSON object in the line, so the format is unknown',
    'give the format: tsv, csv or jsonl; two files that are parallel line by line are given together',
  );
}

/** Format that a line has signs of; a tab is never in a text by chance, a comma is. */
export function formatByLine(line: string): TableFormat | undefined {
  if (/^\s*\{.*\}\s*$/.test(line)) return 'jsonl';
  if (line.includes('\t')) return 'tsv';
  return /[,;]/.test(line) ? 'csv' : undefined;
}

/**
 * First line of a file that isn't blank; no more of the file is read.
 *
 * @throws HeedError FILE_INVALID for a file without one
 */
export async function firstLine(file: DataFile): Promise<string> {
  for await (const lines of linesOf(file)) {
    const line = lines.find((text) => text.trim() !== '');
    if (line !== undefined) return line;
  }
  throw fileError({ file: file.name }, 'the file is empty', 'a row for each example is wanted');
}
