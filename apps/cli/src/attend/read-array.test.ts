import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeNpy } from '@heed/formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodeHost } from '../io/node-host.js';
import { readArray, type ReadArray } from './read-array.js';

const host = nodeHost({ json: true });
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heed-array-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(content: string | Uint8Array): Promise<ReadArray> {
  const path = join(folder, 'array');
  await writeFile(path, content);
  return readArray(host, path);
}

describe('readArray', () => {
  test('nested lists', async () => {
    expect(await read('[[1, 2.5], [true, "NaN"]]')).toEqual({ shape: [2, 2], data: [1, 2.5, 1, NaN] });
    expect(await read('[[], []]')).toEqual({ shape: [2, 0], data: [] });
    expect(await read('["-Infinity"]')).toEqual({ shape: [1], data: [-Infinity] });
  });

  test('.npy of any dtype, the numbers as they are', async () => {
    const file = encodeNpy({ dtype: 'int64', shape: [1, 2], data: Float64Array.of(3, -4) });
    expect(await read(file)).toMatchObject({ shape: [1, 2], data: Float64Array.of(3, -4) });
    const large = encodeNpy({ dtype: 'float64', shape: [1], data: Float64Array.of(1e300) });
    expect((await read(large)).data[0]).toBe(1e300);
  });

  test.each([
    ['ragged lists', '[[1,2],[3]]'],
    ['a number among lists', '[[1],2]'],
    ['a list among numbers', '[1,[2]]'],
    ['text', '[["x"]]'],
    ['a number that no double holds', '[1e400]'],
    ['null', '[null]'],
    ['an object', '{"a":1}'],
    ['cut JSON', '[[1,2],'],
    ['nothing', ''],
    ['bytes that are no UTF-8', Uint8Array.of(0x5b, 0xff, 0x5d)],
    ['the beginning of a .npy file', Uint8Array.of(0x93, 0x4e)],
    ['deep nesting', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
  ])('refuses %s, naming the file', async (_, content) => {
    const refused = read(content);
    await expect(refused).rejects.toThrow(expect.objectContaining({ code: 'FILE_INVALID' }));
    await expect(refused).rejects.toThrow(JSON.stringify(join(folder, 'array')));
  });

  test.each(['nowhere', '.', 'array/inside'])('refuses %s', async (name) => {
    await writeFile(join(folder, 'array'), '[]');
    await expect(readArray(host, join(folder, name))).rejects.toThrow(expect.objectContaining({ code: 'FILE_ACCESS' }));
  });
});
