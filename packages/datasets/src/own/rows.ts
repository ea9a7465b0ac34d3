import { HeedError } from '@heed/base';
import { csvRows } from './csv.js';
import { linesOf, type Reading } from './lines.js';
import type { DataFile, TableFormat } from './own-data.js';
import { isBlank, type Row, type Rows } from './row.js';

/** Formats whose rows are cells in an order, with names in the first row or without. */
export type Delimited = Exclude<TableFormat, 'jsonl'>;

/**
 * Rows of a TSV or CSV file, some in each step; blank lines are skipped and counted.
 *
 * @throws HeedError FILE_INVALID with the line
 */
export function rowsOf(file: DataFile, format: Delimited, reading: Reading): AsyncGenerator<Rows> {
  const read = { tsv: tsvRows, csv: csvRows }[format];
  return read(file, reading);
}

/** Cells between tabs. There are no quotes: a quote is a character like others. */
async function* tsvRows(file: DataFile, reading: Reading): AsyncGenerator<Rows> {
  let line = 1;
  for await (const lines of linesOf(file, reading)) {
    const rows: Row[] = [];
    lines.forEach((text, n) => {
      if (!isBlank(text)) rows.push({ line: line + n, cells: text.split('\t') });
    });
    yield { rows, blank: lines.length - rows.length };
    line += lines.length;
  }
}

/** Index of a column that was given as its number from 1; undefined for a name. */
export const numberedColumn = (column: string): number | undefined =>
  /^[1-9]\d{0,3}$/.test(column) ? Number(column) - 1 : undefined;

/** Error for a column that isn't there, with those that are. */
export function noColumn(file: string, column: string, columns: readonly string[]): HeedError {
  return new HeedError('INVALID_ARGUMENT', {
    message: `${file}: there is no column '${column}'`,
    hint: `the columns are ${columns.map((name) => `'${name}'`).join(', ')}`,
    details: { file, column, columns },
  });
}
