import { PassThrough, Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { lineBatches } from './lines.js';

async function collect(stream: NodeJS.ReadableStream, most: number): Promise<string[][]> {
  const batches: string[][] = [];
  for await (const batch of lineBatches(stream, most)) batches.push(batch);
  return batches;
}

test('gives lines in order, in batches of at most so many', async () => {
  const words = Array.from({ length: 1000 }, (_, n) => `word${n}`);
  const batches = await collect(Readable.from([`${words.join('\n')}\n`]), 32);
  expect(batches.flat()).toEqual(words);
  expect(Math.max(...batches.map(({ length }) => length))).toBe(32);
});

test('takes any line ends, and a last line without one', async () => {
  expect((await collect(Readable.from(['a\r', '\nb\n\nc']), 8)).flat()).toEqual(['a', 'b', '', 'c']);
  expect(await collect(Readable.from([]), 8)).toEqual([]);
});

test('does not wait for more lines than there are', async () => {
  const stream = new PassThrough();
  const batches = lineBatches(stream, 32);
  stream.write('first\n');
  expect(await batches.next()).toEqual({ done: false, value: ['first'] });
  stream.end('second\n');
  expect(await batches.next()).toEqual({ done: false, value: ['second'] });
  expect(await batches.next()).toEqual({ done: true, value: undefined });
});

test('a stream that fails is an error, after what came before it', async () => {
  const stream = new PassThrough();
  const batches = lineBatches(stream, 32);
  stream.write('first\n');
  expect((await batches.next()).value).toEqual(['first']);
  stream.destroy(Object.assign(new Error('EISDIR'), { code: 'EISDIR' }));
  await expect(batches.next()).rejects.toMatchObject({ code: 'FILE_ACCESS', message: /standard input.*folder/ });
});
