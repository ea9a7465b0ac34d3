import { describe, expect, it } from 'vitest';
import { linesOf, LONGEST_LINE } from './lines.js';
import type { DataFile } from './own-data.js';

/** A file that comes in pieces of so many bytes. */
const inPieces = (bytes: Uint8Array<ArrayBuffer>, size: number): DataFile => ({
  name: 'a.txt',
  size: bytes.length,
  stream: () => {
    let at = 0;
    return new ReadableStream({
      pull(controller) {
        if (at >= bytes.length) return controller.close();
        controller.enqueue(bytes.slice(at, at + size));
        at += size;
      },
    });
  },
});

async function read(file: DataFile): Promise<string[]> {
  const all: string[] = [];
  for await (const lines of linesOf(file)) all.push(...lines);
  return all;
}

const file = (...parts: BlobPart[]): DataFile => new File(parts, 'a.txt');

describe('linesOf', () => {
  it.each([1, 2, 3, 5, 1000])('the same lines from pieces of %i bytes', async (size) => {
    const text = '\uFEFFé€😀\r\n\r\nסוף\n a b \r c\nend';
    const bytes = new TextEncoder().encode(text);
    expect(await read(inPieces(bytes, size))).toEqual(['é€😀', '', 'סוף', ' a b \r c', 'end']);
  });

  it('a last line break makes no line, and a mark within the file is a character', async () => {
    expect(await read(file('a\n\uFEFFb\n'))).toEqual(['a', '\uFEFFb']);
    expect(await read(file(''))).toEqual([]);
    expect(await read(file('\n'))).toEqual(['']);
  });

  it.each([
    ['a byte that no character has', [0x61, 0x0a, 0x62, 0xff, 0x63], 'a.txt, line 2: byte 2 of the line (0xFF)'],
    ['a letter in Windows-1252', [0x0a, 0x0a, 0x63, 0xe9, 0x0a], 'a.txt, line 3: byte 2 of the line (0xE9)'],
    ['an overlong form', [0xc0, 0x80], 'line 1: byte 1 of the line (0xC0)'],
    ['half a surrogate pair', [0x61, 0xed, 0xa0, 0x80], 'line 1: byte 2 of the line'],
    ['an end within a character', [0x61, 0x0a, 0xe2, 0x82], 'a.txt, line 2: byte 1 of the line (0xE2)'],
    ['a NUL byte', [0x61, 0x0a, 0x0a, 0x00], 'a.txt, line 3: there is a NUL byte'],
    ['UTF-16', [0xff, 0xfe, 0x61, 0x00, 0x0a, 0x00], 'a.txt, line 1: the file is in UTF-16'],
  ])('refuses %s, with the line', async (_, bytes, message) => {
    for (const size of [1, 2, 1000]) {
      await expect(read(inPieces(Uint8Array.from(bytes), size))).rejects.toMatchObject({
        code: 'FILE_INVALID',
        message: expect.stringContaining(message) as string,
      });
    }
  });

  it('refuses a line without end, of which it reads a few megabytes', async () => {
    let given = 0;
    let cancelled = false;
    const endless: DataFile = {
      name: 'endless.tsv',
      size: 2 ** 31,
      stream: () =>
        new ReadableStream({
          pull(controller) {
            given += 65_536;
            controller.enqueue(new Uint8Array(65_536).fill(0x61));
          },
          cancel() {
            cancelled = true;
          },
        }),
    };
    await expect(read(endless)).rejects.toThrow('endless.tsv, line 1: the line has more than 1,048,576 characters');
    expect(given).toBeLessThan(2 ** 22);
    expect(cancelled).toBe(true);
    await expect(read(file('a\n', 'b'.repeat(LONGEST_LINE + 1), '\n'))).rejects.toThrow('line 2');
    expect(await read(file('b'.repeat(LONGEST_LINE), '\n'))).toHaveLength(1);
  });

  it('stops by a signal, with its reason', async () => {
    const controller = new AbortController();
    const lines = linesOf(inPieces(new TextEncoder().encode('a\nb\nc\n'), 2), { signal: controller.signal });
    await lines.next();
    controller.abort(new Error('enough'));
    await expect(lines.next()).rejects.toThrow('enough');
  });
});
