import { HeedError } from '@heed/base';
import { fileError } from './file-error.js';
import type { Row } from './row.js';
import { noColumn, numberedColumn, type Delimited } from './rows.js';
import { delimiterOf } from './csv.js';

/** A column that is wanted: what it is for, the name or number that was given, and the names that it usually has. */
export interface WantedColumn {
  readonly role: string;
  readonly given: string | undefined;
  readonly usual: readonly string[];
}

/** Columns that were found: names where the file has names, else numbers from 1, in the order of those wanted. */
export interface FoundColumns {
  readonly header: boolean;
  readonly columns: readonly string[];
}

/**
 * Columns of a TSV or CSV file by its first row: the ones given, else those of their usual names where the row has all of these,
 * else the first ones.
 *
 * @throws HeedError INVALID_ARGUMENT for a column that isn't there; FILE_INVALID for fewer columns than are wanted, with the
 *   delimiter that seems right
 */
export function findColumns(
  file: string,
  format: Delimited,
  first: Row,
  wanted: readonly WantedColumn[],
  header: boolean | undefined,
): FoundColumns {
  assertDelimiter(file, format, first, wanted);
  const cells = first.cells.map((cell) => cell.trim());
  const usual = wanted.map((column) => cells.find((cell) => column.usual.includes(cell.toLowerCase())));
  const named = wanted.find(({ given }) => given !== undefined && numberedColumn(given) === undefined);
  // A row is one of names when something is asked for by name, or when it has a usual name for everything.
  const names =
    header ?? (named !== undefined || wanted.every((column, n) => column.usual.length === 0 || usual[n] !== undefined));
  if (named !== undefined && !names) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${file}: the column '${named.given}' is a name, but header is false`,
      hint: 'number the columns from 1, or leave header out',
      details: { file, column: named.given },
    });
  }
  const taken = new Set<number>();
  const take = (column: string): string => {
    taken.add(indexOfColumn(file, column, first.cells, names));
    return column;
  };
  const found = wanted.map(({ given }) => (given === undefined ? undefined : take(given)));
  const columns = found.map((column, n) => {
    if (column !== undefined) return column;
    const name = names ? usual[n] : undefined;
    if (name !== undefined && !taken.has(indexOfColumn(file, name, first.cells, true))) return take(name);
    return take(String(cells.findIndex((_, index) => !taken.has(index)) + 1));
  });
  return { header: names, columns };
}

/**
 * Index of a column in a file with this first row.
 *
 * @throws HeedError INVALID_ARGUMENT
 */
export function indexOfColumn(file: string, column: string, first: readonly string[], header: boolean): number {
  const cells = first.map((cell) => cell.trim());
  const named = header ? cells.indexOf(column) : -1;
  const index = named >= 0 ? named : numberedColumn(column);
  if (index !== undefined && index < cells.length) return index;
  throw noColumn(file, column, header ? cells : cells.map((_, n) => String(n + 1)));
}

function assertDelimiter(file: string, format: Delimited, first: Row, wanted: readonly WantedColumn[]): void {
  const needed = wanted.length;
  if (first.cells.length >= needed) return;
  const [text] = first.cells;
  const comma = delimiterOf(text);
  const other = Object.entries({ tab: '\t', [comma === ';' ? 'semicolon' : 'comma']: comma, 'vertical bar': '|' }).find(
    ([, sign]) => text.split(sign).length >= needed,
  );
  const roles = wanted.map(({ role }) => role).join(' and ');
  throw fileError(
    { file, line: first.line },
    `read as ${format.toUpperCase()}, the row has ${first.cells.length} column${first.cells.length === 1 ? '' : 's'} where ${needed} are wanted (${roles})`,
    other === undefined
      ? 'columns are separated by tabs (format tsv) or by commas (format csv)'
      : HINTS[other[0]](text.split(other[1]).length),
    { columns: first.cells.length, wanted: needed },
  );
}

const HINTS: Readonly<Record<string, (columns: number) => string>> = {
  tab: (columns) => `tabs separate ${columns} columns in it: give the format tsv`,
  comma: (columns) => `commas separate ${columns} columns in it: give the format csv`,
  semicolon: (columns) => `semicolons separate ${columns} columns in it: give the format csv`,
  'vertical bar': (columns) => `vertical bars separate ${columns} columns in it: write tabs instead`,
};
