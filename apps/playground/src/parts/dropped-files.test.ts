import { describe, expect, test } from 'vitest';
import { droppedFiles } from './dropped-files.js';

const file = (name: string, folder = ''): Partial<FileSystemFileEntry> => ({
  name,
  fullPath: `${folder}/${name}`,
  isFile: true,
  isDirectory: false,
  file: (resolve: FileCallback) => resolve(new File([name], name)),
});

/** A folder whose reader gives two entries at a time, as browsers give a hundred. */
const folder = (name: string, entries: readonly object[]): object => ({
  name,
  isFile: false,
  isDirectory: true,
  createReader: () => {
    const left = [...entries];
    return { readEntries: (resolve: (some: object[]) => void) => resolve(left.splice(0, 2)) };
  },
});

/** A drop, in which a folder is also a file that can't be read. */
function drop(...entries: readonly object[]): Pick<DataTransfer, 'files' | 'items'> {
  const files = entries.map((entry) => new File([], (entry as FileSystemEntry).name));
  const items = entries.map((entry) => ({ webkitGetAsEntry: () => entry }));
  return { files, items } as object as Pick<DataTransfer, 'files' | 'items'>;
}

const isWanted = (name: string): boolean => name.endsWith('.json');

describe('droppedFiles', () => {
  test('files as they are', async () => {
    const files = await droppedFiles(drop(file('a.png'), file('b.json')), isWanted);
    expect(files.map(({ path }) => path)).toEqual(['a.png', 'b.json']);
  });

  test('of a folder all that are wanted, however deep, and not the folder itself', async () => {
    const deep = folder('deep', [file('c.json', '/run/deep'), file('d.txt', '/run/deep')]);
    const run = folder('run', [file('a.json', '/run'), file('b.txt', '/run'), deep, file('e.json', '/run')]);
    const files = await droppedFiles(drop(run, file('f.json')), isWanted);
    expect(files.map(({ file }) => file.name).toSorted()).toEqual(['a.json', 'c.json', 'e.json', 'f.json']);
    expect(files.map(({ path }) => path).toSorted()).toEqual(['f.json', 'run/a.json', 'run/deep/c.json', 'run/e.json']);
  });

  test('a folder of too many is refused', async () => {
    const large = folder(
      'home',
      Array.from({ length: 1001 }, (_, n) => file(`${n}.json`)),
    );
    await expect(droppedFiles(drop(large), isWanted)).rejects.toMatchObject({ code: 'FILE_INVALID' });
  });

  test('a folder that can’t be read is said', async () => {
    const closed = {
      name: 'closed',
      isFile: false,
      isDirectory: true,
      createReader: () => ({ readEntries: (_: unknown, reject: (why: Error) => void) => reject(new Error('denied')) }),
    };
    await expect(droppedFiles(drop(closed), isWanted)).rejects.toMatchObject({ code: 'FILE_ACCESS' });
  });
});
