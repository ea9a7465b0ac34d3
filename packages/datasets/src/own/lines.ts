import { fileError } from './file-error.js';
import type { DataFile } from './own-data.js';

/** What goes on while a file is read. */
export interface Reading {
  readonly signal?: AbortSignal;
  /** Gets the bytes of each file in their order, before anything is made of them. */
  onBytes?(bytes: Uint8Array): void;
}

/** Greatest length of a line, in UTF-16 code units: no text that a person writes in one line comes near it. */
export const LONGEST_LINE = 2 ** 20;

// A code unit takes at most three bytes of UTF-8.
const MOST_BYTES = 3 * LONGEST_LINE;
const NEWLINE = 0x0a;

/**
 * Lines of a file in UTF-8, read as a stream: in each step all the lines that end in the bytes that came. The byte-order mark is
 * removed, and `\r` before `\n`. What follows the last `\n` is a line unless it is empty.
 *
 * @throws HeedError FILE_INVALID with the line: for a byte that isn't UTF-8, a NUL byte, UTF-16, and a line of more than
 *   `LONGEST_LINE` code units, of which no more is read; the signal's reason
 */
export async function* linesOf(file: DataFile, { signal, onBytes }: Reading = {}): AsyncGenerator<readonly string[]> {
  const reader = file.stream().getReader();
  let line = 1;
  let rest: Uint8Array[] = [];
  let waiting = 0;
  const take = (end: Uint8Array): string[] => {
    const bytes = rest.length === 0 ? end : joined([...rest, end]);
    const lines = decode(bytes, file.name, line);
    [rest, waiting, line] = [[], 0, line + lines.length];
    return lines;
  };
  try {
    for (;;) {
      signal?.throwIfAborted();
      const { value, done } = await reader.read();
      if (done) break;
      onBytes?.(value);
      const end = value.lastIndexOf(NEWLINE);
      if (end >= 0) yield take(value.subarray(0, end));
      const tail = end < 0 ? value : value.subarray(end + 1);
      if (tail.length === 0) continue;
      rest.push(tail.slice());
      waiting += tail.length;
      if (waiting > MOST_BYTES) throw tooLong(file.name, line);
    }
    if (waiting > 0) yield take(new Uint8Array(0));
  } finally {
    // Whoever stops early needs no more bytes; after the last ones this does nothing.
    await reader.cancel().catch(() => undefined);
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The mark stays where it isn't at the start of the file: there it is a character. */
const utf8 = () => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decode(bytes: Uint8Array, file: string, first: number): string[] {
  if (first === 1 && isUtf16(bytes)) {
    throw fileError({ file, line: 1 }, 'the file is in UTF-16', 'save it as UTF-8 (iconv -f UTF-16 -t UTF-8)');
  }
  const nul = bytes.indexOf(0);
  if (nul >= 0) {
    throw fileError(
      { file, line: lineAt(bytes, nul, first) },
      'there is a NUL byte, so the file is binary, not text',
      'text in UTF-8 is wanted; unpack it if it is compressed',
    );
  }
  let text: string;
  try {
    text = utf8().decode(bytes);
  } catch {
    throw invalidBytes(bytes, file, first);
  }
  const lines = (first === 1 ? text.replace(/^\uFEFF/, '') : text).split('\n');
  lines.forEach((line, n) => {
    if (line.length > LONGEST_LINE) throw tooLong(file, first + n);
    if (line.endsWith('\r')) lines[n] = line.slice(0, -1);
  });
  return lines;
}

const isUtf16 = ([a, b]: Uint8Array): boolean => (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff);

function lineAt(bytes: Uint8Array, at: number, first: number): number {
  let line = first;
  for (let n = bytes.indexOf(NEWLINE); n >= 0 && n < at; n = bytes.indexOf(NEWLINE, n + 1)) line++;
  return line;
}

/** Error that names the first character that isn't UTF-8, by its line and the number of its first byte in the line from 1. */
function invalidBytes(bytes: Uint8Array, file: string, first: number): Error {
  // The longest beginning that can be part of a text in UTF-8; no longer one can.
  let [good, bad] = [0, bytes.length + 1];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isText(bytes.subarray(0, middle), true)) good = middle;
    else bad = middle;
  }
  // Where its last character isn't whole, that is the one to blame.
  let at = good;
  while (!isText(bytes.subarray(0, at), false)) at--;
  const byte = at - bytes.subarray(0, at).lastIndexOf(NEWLINE);
  const value = `0x${bytes[at].toString(16).toUpperCase().padStart(2, '0')}`;
  return fileError(
    { file, line: lineAt(bytes, at, first) },
    `byte ${byte} of the line (${value}) isn't UTF-8`,
    'save the file as UTF-8; one in Windows-1252 becomes so by iconv -f CP1252 -t UTF-8',
    { byte },
  );
}

/** Whether bytes are a text in UTF-8, or the beginning of one. */
function isText(bytes: Uint8Array, beginning: boolean): boolean {
  try {
    utf8().decode(bytes, { stream: beginning });
    return true;
  } catch {
    return false;
  }
}

const tooLong = (file: string, line: number): Error =>
  fileError(
    { file, line },
    `the line has more than ${LONGEST_LINE.toLocaleString('en')} characters`,
    'break it into lines (fold -s); a file of one long line often has another sign for the end of a line',
  );
