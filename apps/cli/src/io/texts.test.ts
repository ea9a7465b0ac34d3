import { PassThrough, Readable } from 'node:stream';
import { expect, test } from 'vitest';
import type { PlacedText } from '../host.js';
import { textBatches } from './texts.js';

type Format = Parameters<typeof textBatches>[1];

async function collect(stream: NodeJS.ReadableStream, most: number, format: Format = 'lines'): Promise<PlacedText[][]> {
  const batches: PlacedText[][] = [];
  for await (const batch of textBatches(stream, format, { most, name: 'standard input' })) batches.push(batch);
  return batches;
}

const texts = (batches: readonly PlacedText[][]): string[] => batches.flat().map(({ text }) => text);

test('gives lines in order, in batches of at most so many', async () => {
  const words = Array.from({ length: 1000 }, (_, n) => `word${n}`);
  const batches = await collect(Readable.from([`${words.join('\n')}\n`]), 32);
  expect(texts(batches)).toEqual(words);
  expect(batches.flat().map(({ number }) => number)).toEqual(words.map((_, n) => n + 1));
  expect(Math.max(...batches.map(({ length }) => length))).toBe(32);
});

test('takes any line ends, and a last line without one', async () => {
  expect(texts(await collect(Readable.from(['a\r', '\nb\n\nc']), 8))).toEqual(['a', 'b', '', 'c']);
  expect(texts(await collect(Readable.from(['a\rb\r', 'c\r']), 8))).toEqual(['a', 'b', 'c']);
  expect(await collect(Readable.from([]), 8)).toEqual([]);
});

test('takes texts that end with NUL, with all their lines', async () => {
  const batches = await collect(Readable.from(['a\r\nb\0', 'c', 'd\0\0e']), 2, 'null');
  expect(texts(batches)).toEqual(['a\r\nb', 'cd', '', 'e']);
  expect(batches.map(({ length }) => length)).toEqual([1, 2, 1]);
});

test('keeps together what is in two chunks: a line, a character, the end of a line', async () => {
  const bytes = Buffer.from('Zürich\r\n日本\n');
  for (let at = 1; at < bytes.length; at++) {
    const stream = new PassThrough();
    stream.write(bytes.subarray(0, at));
    stream.end(bytes.subarray(at));
    expect(texts(await collect(stream, 8))).toEqual(['Zürich', '日本']);
  }
});

test('does not wait for more lines than there are', async () => {
  const stream = new PassThrough();
  const batches = textBatches(stream, 'lines', { most: 32, name: 'standard input' });
  stream.write('first\n');
  expect(await batches.next()).toEqual({ done: false, value: [{ text: 'first', number: 1 }] });
  stream.end('second\n');
  expect(await batches.next()).toEqual({ done: false, value: [{ text: 'second', number: 2 }] });
  expect(await batches.next()).toEqual({ done: true, value: undefined });
});

test('a stream that fails is an error, after what came before it', async () => {
  const stream = new PassThrough();
  const batches = textBatches(stream, 'lines', { most: 32, name: 'standard input' });
  stream.write('first\n');
  expect((await batches.next()).value).toEqual([{ text: 'first', number: 1 }]);
  stream.destroy(Object.assign(new Error('EISDIR'), { code: 'EISDIR' }));
  await expect(batches.next()).rejects.toMatchObject({ code: 'FILE_ACCESS', message: /standard input.*folder/ });
});
