import { fileError } from './file-error.js';
import { linesOf } from './lines.js';
import type { DataFile } from './own-data.js';
import type { FilesReading, SourceFile } from './source-files.js';
import type { Entry, TableCounts } from './table.js';

/**
 * Pairs of two files, line by line a source and its target, some in each step. Lines that are blank in both are skipped and
 * counted.
 *
 * @throws HeedError FILE_INVALID for different numbers of lines, with both
 */
export async function* entriesOfParallel(
  sourceFile: SourceFile,
  targetFile: SourceFile,
  counts: TableCounts,
  reading: FilesReading,
): AsyncGenerator<readonly Entry[]> {
  const [source, target] = [sourceFile.file, targetFile.file];
  const lines = linesOf(source, reading.readingOf(sourceFile));
  const targets = linesOf(target, reading.readingOf(targetFile));
  let waiting: readonly string[] = [];
  let at = 0;
  let line = 0;
  /** The next line of the target's file; undefined at its end. */
  const next = async (): Promise<string | undefined> => {
    while (at === waiting.length) {
      const { value, done } = await targets.next();
      if (done) return undefined;
      [waiting, at] = [value, 0];
    }
    return waiting[at++];
  };
  try {
    for await (const texts of lines) {
      const entries: Entry[] = [];
      for (const text of texts) {
        const right = at < waiting.length ? waiting[at++] : await next();
        if (right === undefined) {
          throw unequal(source, target, line + (await lengthOf(source, line)), line);
        }
        line++;
        if (text.trim() === '' && right.trim() === '') counts.blank++;
        else entries.push({ line, cells: [text, right] });
      }
      counts.rows += entries.length;
      yield entries;
    }
    if ((await next()) !== undefined) throw unequal(source, target, line, line + (await lengthOf(target, line)));
    if (counts.rows === 0)
      throw fileError({ file: source.name }, 'the file is empty', 'a line for each pair is wanted');
  } finally {
    await targets.return(undefined);
  }
}

/** Number of lines of a file after the first `from`. */
async function lengthOf(file: DataFile, from: number): Promise<number> {
  let length = -from;
  for await (const lines of linesOf(file)) length += lines.length;
  return length;
}

const unequal = (source: DataFile, target: DataFile, sources: number, targets: number): Error =>
  fileError(
    { file: target.name },
    `the file has ${targets.toLocaleString('en')} lines, and ${source.name} ${sources.toLocaleString('en')}`,
    'parallel files have as many lines, each a source and its target',
    { source: source.name, sources, targets },
  );
