import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { wordVectors } from '../../scripts/word-vectors.mjs';
import { decodeWords, wordVector } from './words.js';

const table = decodeWords(new Uint8Array(await readFile(new URL('./word-vectors.safetensors', import.meta.url))));

/** Cosine of two words' vectors. */
function likeness(a: string, b: string, width = 16): number {
  const [x, y] = [wordVector(table, a, width)!, wordVector(table, b, width)!];
  return x.reduce((sum, value, n) => sum + value * y[n], 0) / width;
}

test('the table is what the script makes of the encoder', async () => {
  const { words, vectors } = await wordVectors();
  expect([...table.rows.keys()]).toEqual(words);
  expect(table.data.length).toBe(vectors.length);
  // Another processor may round some sums differently.
  expect(table.data.findIndex((byte, n) => !(Math.abs(byte - vectors[n]) <= 2))).toBe(-1);
});

test.each([8, 16])('words of like meaning are alike in %i numbers', (width) => {
  for (const alike of ['cats', 'kitten', 'kittens', 'Cat.']) {
    for (const other of ['the', 'a', 'two', 'behind', 'king', 'sell']) {
      expect(likeness('cat', alike, width), `${alike} and ${other}`).toBeGreaterThan(likeness('cat', other, width));
    }
  }
  expect(likeness('cat', 'cats', width)).toBeGreaterThan(0.7);
});

test('vectors are as long as random ones are on average, and what isn’t in the table has none', () => {
  expect(Math.hypot(...wordVector(table, 'cat', 8)!)).toBeCloseTo(Math.sqrt(8), 5);
  for (const token of ['qwertz', '', '…', 'constructor', '猫']) expect(wordVector(table, token, 8)).toBeUndefined();
});
