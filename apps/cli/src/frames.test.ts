import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { picturesAt } from './frames.js';
import { filesIn, readBytes } from './io/files.js';

let folder: string;
const host = { filesIn, readFile: readBytes };

/** PNG files of one grey pixel, by its value. */
const PIXELS = {
  1: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4XmNgBAAAAwAC3cT2JAAAAABJRU5ErkJggg==',
  2: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4XmNgAgAABAADedUzKgAAAABJRU5ErkJggg==',
  10: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4XmPgAgAADAAL8QsAUgAAAABJRU5ErkJggg==',
} as const;
const pixel = (grey: keyof typeof PIXELS): Buffer => Buffer.from(PIXELS[grey], 'base64');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heed-frames-'));
  await Promise.all(['film', 'empty', 'damaged'].map((name) => mkdir(join(folder, name))));
  for (const n of [1, 2, 10] as const) await writeFile(join(folder, 'film', `frame${n}.PNG`), pixel(n));
  await writeFile(join(folder, 'film', 'notes.txt'), 'no picture');
  await writeFile(join(folder, 'damaged', 'a.png'), pixel(1).subarray(0, 20));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('pictures at a path', () => {
  test('are the frames of a folder, by the numbers in their names', async () => {
    for (const path of [join(folder, 'film'), `${join(folder, 'film')}/`]) {
      const frames = await picturesAt(host, path, 6);
      expect(frames.map(({ data }) => data[0])).toEqual([1, 2, 10]);
    }
  });

  test('are the one of a file', async () => {
    const frames = await picturesAt(host, join(folder, 'film', 'frame2.PNG'), 6);
    expect(frames.map(({ data }) => data[0])).toEqual([2]);
  });

  test.each([
    ['film', 2, 'INVALID_ARGUMENT', '3 pictures'],
    ['empty', 6, 'INVALID_ARGUMENT', 'no pictures'],
    ['damaged', 6, 'FILE_INVALID', 'a.png'],
    ['nowhere', 6, 'FILE_ACCESS', 'nowhere'],
    ['film', 1, 'FILE_ACCESS', 'film'],
  ])('%s, of which %i are wanted, is refused', async (name, most, code, message) => {
    await expect(picturesAt(host, join(folder, name), most)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });
});
