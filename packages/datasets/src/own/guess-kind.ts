import { formatByLine, formatByName } from './format.js';
import { linesOf } from './lines.js';
import type { DataFile } from './own-data.js';
import { LABEL_COLUMNS } from './labels-rows.js';
import { endsWithOneOf, PICTURE_ENDINGS } from './picture-endings.js';
import { rowsOf } from './rows.js';
import { jsonRows } from './json-lines.js';

/** Kinds of somebody's own data. */
export const KINDS = ['pairs', 'labels', 'text', 'captions'] as const;
export type Kind = (typeof KINDS)[number];

/**
 * Kind of data that a file seems to have, by its name and its first rows: text where nothing separates columns; captions where a
 * column has names of pictures; labels where a column is named as they are, or where few different values, each several times, are the second column; pairs for other tables.
 *
 * @throws HeedError FILE_INVALID for a file that can't be read
 */
export async function guessKind(file: DataFile): Promise<Kind> {
  const lines = await firstLines(file);
  const named = formatByName(file.name);
  const format = named ?? formatByLine(lines[0] ?? '');
  // Plain text may have commas anywhere: only a name says that they separate columns.
  if (format === undefined || (format === 'csv' && named === undefined)) return 'text';
  const seconds: string[] = [];
  if (format === 'jsonl') {
    for await (const { rows } of jsonRows(file, {})) {
      if (namePictures(rows.map(({ values }) => [...values.values()]))) return 'captions';
      for (const { values } of rows) {
        if (LABEL_COLUMNS.some((name) => values.has(name))) return 'labels';
        const second = [...values.values()][1];
        seconds.push(typeof second === 'string' ? second : JSON.stringify(second ?? ''));
      }
      break;
    }
  } else {
    for await (const { rows } of rowsOf(file, format, {})) {
      const [first, ...others] = rows;
      // The first row may name the columns.
      const named = others.length > 0 ? others : rows;
      if (namePictures(named.map(({ cells }) => cells))) return 'captions';
      if (first?.cells.some((cell) => LABEL_COLUMNS.includes(cell.trim().toLowerCase()))) return 'labels';
      seconds.push(...rows.map(({ cells }) => cells[1] ?? ''));
      if (seconds.length > 0) break;
    }
  }
  return seconds.length >= OFTEN * new Set(seconds).size ? 'labels' : 'pairs';
}

// Values that come so often on average are names of classes.
const OFTEN = 4;

/** Whether a column has names of pictures in all rows. */
const namePictures = (rows: readonly (readonly unknown[])[]): boolean =>
  rows[0]?.some((_, column) =>
    rows.every((row) => {
      const cell = row[column];
      return typeof cell === 'string' && endsWithOneOf(cell.trim(), PICTURE_ENDINGS);
    }),
  ) ?? false;

async function firstLines(file: DataFile): Promise<readonly string[]> {
  for await (const lines of linesOf(file)) {
    const some = lines.filter((line) => line.trim() !== '');
    if (some.length > 0) return some;
  }
  return [];
}
