import { HeedError } from '@heed/base';
import { indexOfColumn } from './columns.js';
import { fileError, type LinePlace } from './file-error.js';
import { pathInFolder } from './captions-files.js';
import type { NormalForm, TableFormat } from './own-data.js';
import { jsonRows } from './json-lines.js';
import { rowsOf } from './rows.js';
import type { FilesReading, SourceFile } from './source-files.js';
import { entriesOf, shapeOf, type TableCounts, type TableShape } from './table.js';
import { tidyPairText } from './tidy.js';

/** A row of captions. */
export interface CaptionRow {
  readonly place: LinePlace;
  /** Path of the picture in the folder. */
  readonly path: string;
  readonly caption: string;
  /** BCP 47 tag; 'und' where the file doesn't say. */
  readonly language: string;
}

/** Which columns captions are read from. */
export interface CaptionColumns {
  readonly format?: TableFormat;
  readonly header?: boolean;
  readonly file?: string;
  readonly caption?: string;
  readonly language?: string;
}

const USUAL = {
  file: ['file', 'picture', 'image', 'filename', 'path'],
  caption: ['caption', 'text', 'description', 'title'],
  language: ['language', 'lang', 'locale'],
} as const;

/** Language of a text of which none is said. */
const UNDETERMINED = 'und';
const TAG = /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i;

/**
 * Format and columns of captions: two, or three where the header has a language, or rows without a header have a third cell.
 *
 * @throws HeedError FILE_INVALID, INVALID_ARGUMENT
 */
export async function shapeOfCaptions({ file }: SourceFile, columns: CaptionColumns): Promise<TableShape> {
  const shape = await shapeOf(file, columns, [
    { role: 'file', given: columns.file, usual: USUAL.file },
    { role: 'caption', given: columns.caption, usual: USUAL.caption },
  ]);
  const cells = await firstCells(file, shape.format);
  const usual = cells.find((cell) => USUAL.language.includes(cell.toLowerCase() as never));
  const third = shape.header || shape.format === 'jsonl' ? usual : cells.length > 2 ? '3' : undefined;
  const language = columns.language ?? third;
  if (language === undefined) return shape;
  if (shape.format !== 'jsonl') indexOfColumn(file.name, language, cells, shape.header);
  return { ...shape, columns: [...shape.columns, language] };
}

/** Cells of the first row, or keys of the first object. */
async function firstCells(file: SourceFile['file'], format: TableFormat): Promise<readonly string[]> {
  if (format === 'jsonl') {
    for await (const { rows } of jsonRows(file, {})) if (rows.length > 0) return [...rows[0].values.keys()];
    return [];
  }
  for await (const { rows } of rowsOf(file, format, {})) {
    if (rows.length > 0) return rows[0].cells.map((cell) => cell.trim());
  }
  return [];
}

/**
 * Rows of captions.
 *
 * @param most rows that are read at most
 * @throws HeedError FILE_INVALID with the line: for a caption without text, no file, one out of the folder, what is no language; and
 *   for too many rows
 */
export async function readCaptionRows(
  source: SourceFile,
  shape: TableShape,
  { normalForm, most }: { readonly normalForm: NormalForm; readonly most: number },
  counts: TableCounts,
  reading: FilesReading,
): Promise<CaptionRow[]> {
  const all: CaptionRow[] = [];
  const { name } = source.file;
  for await (const some of entriesOf(source.file, shape, counts, reading.readingOf(source))) {
    for (const { line, cells } of some) {
      const place = { file: name, line };
      if (all.length === most) {
        throw new HeedError('FILE_TOO_LARGE', {
          message: `${name}, line ${line}: there are more than ${most} captions`,
          hint: 'take a part of them',
          details: { ...place, limit: most },
        });
      }
      const [path, caption, language = UNDETERMINED] = cells.map((cell) => oneText(cell, place));
      all.push({
        place,
        path: pathInFolder(path, place),
        caption: captionOf(caption, normalForm, place),
        language: languageOf(language, place),
      });
    }
  }
  return all;
}

function oneText(cell: string | readonly string[], place: LinePlace): string {
  if (typeof cell === 'string') return cell;
  throw fileError(place, 'a cell is an array', 'a text is wanted; several captions of a picture are several rows');
}

function captionOf(cell: string, normalForm: NormalForm, place: LinePlace): string {
  const caption = tidyPairText(cell, { normalForm });
  if (caption !== '') return caption;
  throw fileError(place, 'the caption is empty', 'remove the row, or write what the picture shows');
}

function languageOf(cell: string, place: LinePlace): string {
  const language = cell.trim();
  if (TAG.test(language)) return language.toLowerCase();
  throw fileError(place, `'${language.slice(0, 40)}' is no language`, 'a tag such as en, de, zh or pt-br');
}
