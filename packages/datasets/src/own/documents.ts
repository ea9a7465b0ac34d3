import { fileError, type LinePlace } from './file-error.js';
import { linesOf } from './lines.js';
import type { Documents, NormalForm } from './own-data.js';
import type { Split } from '../split.js';
import type { FilesReading, SourceFile } from './source-files.js';
import { normalizeOwnText } from './tidy.js';

/** A text that is in one part as a whole. */
export interface OwnDocument {
  readonly part: Split;
  /** The text, or of a very long one its blocks in order, cut at the ends of lines. No window is in two. */
  readonly blocks: readonly string[];
}

/** Greatest length of a block in UTF-16 code units, far below the greatest length of a string. */
const LONGEST_BLOCK = 2 ** 20;

/**
 * Reads documents, each a file or what stands between blank lines. Blank lines at both ends of a document are no part of it.
 *
 * @throws HeedError FILE_INVALID with the line, also for a file without text
 */
export async function readDocuments(
  files: readonly SourceFile[],
  { documents, normalForm }: { readonly documents: Documents; readonly normalForm: NormalForm },
  reading: FilesReading,
  inspect?: (line: string, place: LinePlace) => void,
): Promise<OwnDocument[]> {
  const all: OwnDocument[] = [];
  for (const source of files) {
    const before = all.length;
    const builder = new BlockBuilder(normalForm);
    const end = (): void => {
      const blocks = builder.take();
      if (blocks.length > 0) all.push({ part: source.part, blocks });
    };
    let number = 0;
    for await (const lines of linesOf(source.file, reading.readingOf(source))) {
      for (const line of lines) {
        inspect?.(line, { file: source.file.name, line: ++number });
        if (documents === 'blank-lines' && line.trim() === '') end();
        else builder.add(line);
      }
    }
    end();
    if (all.length === before) throw fileError({ file: source.file.name }, 'the file has no text');
  }
  return all;
}

/** Lines that become blocks. */
class BlockBuilder {
  readonly #normalForm: NormalForm;
  #blocks: string[] = [];
  #lines: string[] = [];
  #length = 0;

  constructor(normalForm: NormalForm) {
    this.#normalForm = normalForm;
  }

  add(line: string): void {
    if (this.#length === 0 && this.#blocks.length === 0 && line.trim() === '') return;
    if (this.#length + line.length > LONGEST_BLOCK) this.#flush();
    this.#lines.push(line);
    this.#length += line.length + 1;
  }

  /** Blocks of the lines that were added since the last call. */
  take(): readonly string[] {
    while (this.#lines.at(-1)?.trim() === '') this.#lines.pop();
    if (this.#lines.length > 0) this.#flush();
    const blocks = this.#blocks;
    [this.#blocks, this.#lines, this.#length] = [[], [], 0];
    return blocks;
  }

  #flush(): void {
    if (this.#lines.length === 0) return;
    this.#blocks.push(normalizeOwnText(this.#lines.join('\n'), { normalForm: this.#normalForm }));
    [this.#lines, this.#length] = [[], 0];
  }
}

/**
 * One long document as many: blocks of about `length` code units one after another, cut at the end of a line, or else at a space.
 */
export function cutDocument({ part, blocks }: OwnDocument, length: number): OwnDocument[] {
  return blocks.flatMap((block) => {
    const parts: OwnDocument[] = [];
    for (let start = 0; start < block.length;) {
      const end = block.length - start < 1.5 * length ? block.length : borderAfter(block, start, start + length);
      parts.push({ part, blocks: [block.slice(start, end)] });
      start = end;
    }
    return parts;
  });
}

/** Index after the last line's end, or the last space, between two indices; the second one where there is neither. */
function borderAfter(text: string, start: number, end: number): number {
  const middle = start + (end - start) / 2;
  const line = text.lastIndexOf('\n', end);
  if (line > middle) return line + 1;
  const space = text.lastIndexOf(' ', end);
  if (space > middle) return space + 1;
  // Never between the two halves of a character.
  return /[\uDC00-\uDFFF]/.test(text[end]) ? end + 1 : end;
}
