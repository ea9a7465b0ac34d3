import { HeedError } from '@heed/base';
import type { Split } from '../split.js';
import { fileError, type LinePlace } from './file-error.js';
import { formatByLine, formatByName, firstLine } from './format.js';
import type { DataFile, NormalForm, PairsSettings } from './own-data.js';
import { entriesOfParallel } from './parallel.js';
import type { FilesReading, SourceFile } from './source-files.js';
import { entriesOf, shapeOf, type Entry, type TableCounts, type TableShape } from './table.js';
import { tidyPairText } from './tidy.js';

/** Format, header and columns by which the same pairs are read again. */
export type PairsShape = TableShape | ParallelShape;
interface ParallelShape {
  readonly format: 'parallel';
  readonly header: false;
  readonly columns: readonly [source: '1', target: '2'];
}

/** Sources of one part of the files, each once, with all its targets in the order of the files. */
export interface PairRows {
  readonly sources: string[];
  readonly targets: string[][];
  readonly parts: Split[];
  /** Number of what a source shares with others in the column that groups; undefined without such a column. */
  readonly groups: number[] | undefined;
  readonly counts: PairCounts;
}

/** Function that is shown each row as it is read. */
export type InspectPair = (source: string, targets: readonly string[], place: LinePlace) => void;

export interface PairCounts extends TableCounts {
  /** Rows whose source and target an earlier row of the same part has. */
  duplicates: number;
}

const USUAL = {
  source: ['source', 'src', 'input', 'question', 'prompt', 'word'],
  target: ['target', 'tgt', 'output', 'answer', 'response', 'pronunciation', 'translation'],
} as const;

/**
 * Format and columns of pairs.
 *
 * @throws HeedError FILE_INVALID, INVALID_ARGUMENT
 */
export async function shapeOfPairs(files: readonly SourceFile[], settings: PairsSettings): Promise<PairsShape> {
  const { format, source, target, group, header } = settings;
  if (format === 'parallel' || (format === undefined && (await areParallel(files)))) {
    const given = Object.entries({ source, target, group }).find(
      ([name, column]) => column !== undefined && column !== PARALLEL[name],
    );
    if (given !== undefined || header === true) {
      const name = given?.[0] ?? 'header';
      throw new HeedError('INVALID_ARGUMENT', {
        message: `pairs: parallel files have no columns, but ${name} is given`,
        hint: `leave ${name} out, or give the format of a table`,
        details: { option: name },
      });
    }
    return { format: 'parallel', header: false, columns: ['1', '2'] };
  }
  const shape = await shapeOf(files[0].file, { ...settings, format }, [
    { role: 'source', given: source, usual: USUAL.source },
    { role: 'target', given: target, usual: USUAL.target },
    ...(group === undefined ? [] : [{ role: 'group', given: group, usual: [] }]),
  ]);
  return shape;
}

/** What a parallel dataset's options say of its columns. */
const PARALLEL: Readonly<Record<string, string>> = { source: '1', target: '2' };

/** Whether files of unknown names, two for each part, have nothing that separates columns in their first lines. */
async function areParallel(files: readonly SourceFile[]): Promise<boolean> {
  const data = files.filter(({ part }) => part === 'train');
  if (data.length % 2 !== 0 || data.some(({ file }) => formatByName(file.name) !== undefined)) return false;
  const format = formatByLine(await firstLine(data[0].file));
  // A comma may be in any text; a tab or an object isn't there by chance.
  return format === undefined || format === 'csv';
}

/**
 * Reads all pairs. Sources that are equal when tidy are one, with their targets in order, each once.
 *
 * @throws HeedError FILE_INVALID with the line, also for a source or target without text; INVALID_ARGUMENT
 */
export async function readPairs(
  files: readonly SourceFile[],
  shape: PairsShape,
  normalForm: NormalForm,
  reading: FilesReading,
  inspect?: InspectPair,
): Promise<PairRows> {
  const hasGroups = shape.columns.length > 2;
  const rows: PairRows = {
    sources: [],
    targets: [],
    parts: [],
    groups: hasGroups ? [] : undefined,
    counts: { rows: 0, blank: 0, duplicates: 0 },
  };
  const numbers: Record<Split, Map<string, number>> = { train: new Map(), validation: new Map(), test: new Map() };
  const groups = new Map<string, number>();
  for (const { part, file, entries } of streamsOf(files, shape, rows.counts, reading)) {
    const known = numbers[part];
    for await (const some of entries) {
      for (const { line, cells } of some) {
        const place = { file: file.name, line };
        const source = oneText(cells[0], 'source', normalForm, place);
        const targets = textsOf(cells[1], 'target', normalForm, place);
        const group = hasGroups ? numberOf(oneText(cells[2], 'group', normalForm, place), groups) : 0;
        inspect?.(source, targets, place);
        const number = known.get(source);
        if (number === undefined) {
          known.set(source, rows.sources.length);
          rows.sources.push(source);
          rows.targets.push(distinct(targets, rows.counts));
          rows.parts.push(part);
          rows.groups?.push(group);
        } else add(rows.targets[number], targets, rows.counts);
      }
    }
  }
  return rows;
}

interface Stream {
  readonly part: Split;
  readonly file: DataFile;
  readonly entries: AsyncGenerator<readonly Entry[]>;
}

function streamsOf(
  files: readonly SourceFile[],
  shape: PairsShape,
  counts: TableCounts,
  reading: FilesReading,
): Stream[] {
  if (shape.format !== 'parallel') {
    return files.map((source) => ({
      ...source,
      entries: entriesOf(source.file, shape, counts, reading.readingOf(source)),
    }));
  }
  return files.flatMap((source, n) => {
    if (n % 2 === 1) return [];
    const target = files[n + 1];
    if (target === undefined || target.part !== source.part) {
      throw new HeedError('INVALID_ARGUMENT', {
        message: `pairs: ${source.file.name} has no parallel file`,
        hint: 'give two files for each part: sources, then targets',
      });
    }
    const entries = entriesOfParallel(source, target, counts, reading);
    return [{ part: source.part, file: source.file, entries }];
  });
}

function textsOf(cell: string | readonly string[], role: string, normalForm: NormalForm, place: LinePlace): string[] {
  const texts = (typeof cell === 'string' ? [cell] : cell).map((text) => tidyPairText(text, { normalForm }));
  if (texts.includes('')) {
    throw fileError(
      place,
      `the ${role} is empty`,
      'a source and a target are wanted in each row; remove the row, or fill it',
    );
  }
  return texts;
}

function oneText(cell: string | readonly string[], role: string, normalForm: NormalForm, place: LinePlace): string {
  if (typeof cell === 'string') return textsOf(cell, role, normalForm, place)[0];
  throw fileError(place, `the ${role} is an array`, 'only a target may be an array of texts');
}

function numberOf(name: string, numbers: Map<string, number>): number {
  const number = numbers.get(name) ?? numbers.size;
  numbers.set(name, number);
  return number;
}

function distinct(targets: string[], counts: PairCounts): string[] {
  if (targets.length === 1) return targets;
  const first: string[] = [];
  add(first, targets, counts);
  return first;
}

function add(targets: string[], others: readonly string[], counts: PairCounts): void {
  for (const target of others) {
    if (targets.includes(target)) counts.duplicates++;
    else targets.push(target);
  }
}
