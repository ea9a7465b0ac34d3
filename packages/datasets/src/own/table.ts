import { HeedError } from '@heed/base';
import { findColumns, indexOfColumn, type FoundColumns, type WantedColumn } from './columns.js';
import { fileError } from './file-error.js';
import { formatOf } from './format.js';
import { jsonRows, type JsonRow } from './json-lines.js';
import type { Reading } from './lines.js';
import type { DataFile, TableFormat } from './own-data.js';
import { rowsOf, type Delimited } from './rows.js';

/** A row with the cells of the wanted columns, in their order. A cell of JSON Lines may be several texts. */
export interface Entry {
  readonly line: number;
  readonly cells: readonly (string | readonly string[])[];
}

/** How tables are read: plain values, by which the same cells are read again. */
export interface TableShape extends FoundColumns {
  readonly format: TableFormat;
}

/** Counts of what a table's file had. */
export interface TableCounts {
  rows: number;
  blank: number;
}

/**
 * Format, header and columns of a table, by the settings and the first rows of its first file.
 *
 * @throws HeedError FILE_INVALID, INVALID_ARGUMENT
 */
export async function shapeOf(
  file: DataFile,
  settings: { readonly format?: TableFormat; readonly header?: boolean },
  wanted: readonly WantedColumn[],
): Promise<TableShape> {
  const format = settings.format ?? (await formatOf(file));
  if (format === 'jsonl') {
    if (settings.header !== undefined && settings.header) {
      throw new HeedError('INVALID_ARGUMENT', {
        message: `${file.name}: JSON Lines have no header`,
        hint: 'each object names its values; leave header out',
      });
    }
    return { format, header: false, columns: keysOf(file.name, await firstOf(file, jsonRows(file, {})), wanted) };
  }
  const first = await firstOf(file, rowsOf(file, format, {}));
  return { format, ...findColumns(file.name, format, first, wanted, settings.header) };
}

/** The first row of a file, of which no more is read. */
async function firstOf<Row>(file: DataFile, steps: AsyncGenerator<{ readonly rows: readonly Row[] }>): Promise<Row> {
  for await (const { rows } of steps) if (rows.length > 0) return rows[0];
  throw fileError({ file: file.name }, 'the file is empty', 'a row for each example is wanted');
}

/** Keys of an object: those given, of the usual names, or else its first ones. */
function keysOf(file: string, { values }: JsonRow, wanted: readonly WantedColumn[]): string[] {
  const taken = new Set(wanted.flatMap(({ given }) => given ?? []));
  return wanted.map(({ given, usual }) => {
    const name =
      given ??
      usual.find((name) => values.has(name) && !taken.has(name)) ??
      [...values.keys()].find((name) => !taken.has(name)) ??
      usual[0];
    taken.add(name);
    if (!values.has(name)) {
      throw new HeedError('INVALID_ARGUMENT', {
        message: `${file}: there is no '${name}' in the first object`,
        hint: `its keys are ${[...values.keys()].map((key) => `'${key}'`).join(', ')}`,
        details: { file, column: name, columns: [...values.keys()] },
      });
    }
    return name;
  });
}

/**
 * Rows of a table, some in each step, each with its cells of the shape's columns.
 *
 * @throws HeedError FILE_INVALID with the line: for a row with more or fewer cells than the first, an object without a key, an
 *   empty file; INVALID_ARGUMENT for a column that isn't in this file
 */
export function entriesOf(
  file: DataFile,
  shape: TableShape,
  counts: TableCounts,
  reading: Reading,
): AsyncGenerator<readonly Entry[]> {
  const { format } = shape;
  return format === 'jsonl'
    ? entriesOfJson(file, shape, counts, reading)
    : entriesOfRows(file, { ...shape, format }, counts, reading);
}

async function* entriesOfRows(
  file: DataFile,
  { format, header, columns }: TableShape & { readonly format: Delimited },
  counts: TableCounts,
  reading: Reading,
): AsyncGenerator<readonly Entry[]> {
  let width: number | undefined;
  let indices: number[] = [];
  for await (const { rows, blank } of rowsOf(file, format, reading)) {
    counts.blank += blank;
    const entries: Entry[] = [];
    for (const { line, cells } of rows) {
      const isFirst = width === undefined;
      if (isFirst) {
        width = cells.length;
        indices = columns.map((column) => indexOfColumn(file.name, column, cells, header));
        if (header) continue;
      }
      if (cells.length !== width) {
        throw fileError(
          { file: file.name, line },
          `the row has ${cells.length} cells where the first has ${width}`,
          'every row has the same number of cells',
          { cells: cells.length, columns: width },
        );
      }
      entries.push({ line, cells: indices.map((index) => cells[index]) });
    }
    counts.rows += entries.length;
    yield entries;
  }
  assertRows(file.name, width !== undefined, counts);
}

async function* entriesOfJson(
  file: DataFile,
  { columns }: TableShape,
  counts: TableCounts,
  reading: Reading,
): AsyncGenerator<readonly Entry[]> {
  let any = false;
  for await (const { rows, blank } of jsonRows(file, reading)) {
    counts.blank += blank;
    counts.rows += rows.length;
    any ||= rows.length > 0;
    yield rows.map(({ line, values }) => ({
      line,
      cells: columns.map((column) => textsOf(values.get(column), column, { file: file.name, line })),
    }));
  }
  assertRows(file.name, any, counts);
}

function textsOf(value: unknown, column: string, place: { file: string; line: number }): string | readonly string[] {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.length > 0 && value.every((text): text is string => typeof text === 'string')) {
    return value;
  }
  throw fileError(
    place,
    value === undefined ? `the object has no '${column}'` : `'${column}' is ${JSON.stringify(value).slice(0, 60)}`,
    'a text is wanted, or an array of texts where several are right',
  );
}

function assertRows(file: string, any: boolean, { rows }: TableCounts): void {
  if (any && rows > 0) return;
  throw fileError(
    { file },
    any ? 'the file has a row of names, and no other' : 'the file is empty',
    'a row for each example is wanted',
  );
}
