import { wasm } from '@heed/backend-wasm';
import { HeedError, selectBackend } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  compareSentences,
  createSentenceEncoder,
  describeSentence,
  loadSentenceEncoder,
  readSentenceEncoder,
  similarity,
  type SentenceEncoder,
} from '../src/index.js';

let encoder: SentenceEncoder;
beforeAll(async () => {
  await selectBackend(wasm({ threads: 1 }));
  encoder = await loadSentenceEncoder();
});
afterAll(() => encoder.dispose());

describe('embed', () => {
  it('gives rows of length 1', async () => {
    const embedded = encoder.embed(['one', 'two and three']);
    const lengths = await tf.norm(embedded, 'euclidean', 1).array();
    for (const length of lengths as number[]) expect(length).toBeCloseTo(1, 5);
    embedded.dispose();
  });

  it('gives the rows in the order of the sentences, also from several batches', async () => {
    const long = 'many words '.repeat(70); // 16 such sentences, cut at 128 pieces, fill a batch
    const sentences = ['a', ...Array.from({ length: 20 }, (_, n) => `${n} ${long}`), 'b'];
    const all = encoder.embed(sentences);
    const few = encoder.embed(['a', 'b', `19 ${long}`, `0 ${long}`]);
    const [rows, others] = await Promise.all([all.array(), few.array()]);
    const there = [rows[0], rows[21], rows[20], rows[1]];
    there.forEach((row, n) => expect(greatest(row, others[n])).toBeLessThan(2e-6));
    expect(greatest(there[2], there[3])).toBeGreaterThan(1e-4);
    tf.dispose([all, few]);
  });

  it('gives no rows for no sentences', () => {
    expect(encoder.embed([]).shape).toEqual([0, 512]);
  });

  it('reads 128 pieces and no more', async () => {
    const words = (n: number): string => 'word '.repeat(n);
    const [whole, longer, within] = [`${words(127)}end`, `${words(127)}end of it`, `${words(126)}end word`];
    expect(encoder.tokenize(longer).ids).toHaveLength(130);
    const embedded = encoder.embed([whole, longer, within]);
    const [a, b, c] = (await embedded.array()) as [number[], number[], number[]];
    expect(greatest(a, b)).toBeLessThan(1e-6);
    expect(greatest(a, c)).toBeGreaterThan(1e-4);
    embedded.dispose();
  });

  it.each([
    ['empty', ['fine', '']],
    ['only white space', [' \t\n\u3000']],
    ['no text', [7]],
    ['null', [null]],
    ['too long', ['a'.repeat(100_001)]],
    ['no list', 'a sentence'],
  ])('refuses what is %s', (_, sentences) => {
    const before = tf.memory().numTensors;
    expect(() => encoder.embed(sentences as string[])).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('describeSentence', () => {
  it('gives maps of both layers, of the mean of heads or each', async () => {
    const { pieces, left, maps, embedding } = await describeSentence(encoder, 'The cat sat on the mat.');
    expect(pieces.join('')).toBe('▁The▁cat▁sat▁on▁the▁mat.');
    expect(left).toBe(0);
    expect(embedding).toHaveLength(512);
    expect(maps.map(({ title }) => title)).toEqual(['layer 1, mean of 4 heads', 'layer 2, mean of 4 heads']);
    const each = await describeSentence(encoder, 'The cat sat on the mat.', { heads: 'each' });
    expect(each.maps).toHaveLength(8);
    for (const { weights, rowLabels, columnLabels } of [...maps, ...each.maps]) {
      expect(rowLabels).toEqual(pieces);
      expect(columnLabels).toEqual(pieces);
      expect(weights).toHaveLength(pieces.length);
      for (const row of weights) expect(Array.from(row).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
    }
    const firstHeads = each.maps.slice(0, 4).map(({ weights }) => weights[2][1]);
    expect(maps[0].weights[2][1]).toBeCloseTo(firstHeads.reduce((sum, weight) => sum + weight, 0) / 4, 6);
  });

  it('says how many pieces were left out', async () => {
    const { pieces, left } = await describeSentence(encoder, 'word '.repeat(150).trim());
    expect([pieces.length, left]).toEqual([128, 22]);
  });
});

describe('similarity', () => {
  it('compares rows of a with rows of b', async () => {
    const [a, b] = [encoder.embed(['good morning', 'tax return']), encoder.embed(['good evening'])];
    const [[near], [far]] = (await similarity(a, b).array()) as [[number], [number]];
    expect(near).toBeGreaterThan(far + 0.2);
  });

  it('refuses widths that differ, and takes no rows', () => {
    expect(() => similarity(tf.zeros([2, 3]), tf.zeros([2, 4]))).toThrow(HeedError);
    expect(similarity(tf.zeros([0, 512]), tf.zeros([2, 512])).shape).toEqual([0, 2]);
  });
});

it('tensors are where they were: after loading and disposing, and after every call', async () => {
  const files = await readSentenceEncoder();
  const { numTensors, numBytes } = tf.memory();
  const another = createSentenceEncoder(files);
  const loaded = tf.memory().numTensors;
  const embedded = another.embed(['one', 'and another one']);
  expect(tf.memory().numTensors).toBe(loaded + 1);
  embedded.dispose();
  await describeSentence(another, 'one', { heads: 'each' });
  await compareSentences(another, ['one', 'two']);
  expect(tf.memory().numTensors).toBe(loaded);
  another.dispose();
  another.dispose();
  expect(tf.memory()).toMatchObject({ numTensors, numBytes });
  expect(() => another.embed(['one'])).toThrow(expect.objectContaining({ code: 'DISPOSED' }));
  await expect(another.attend('one')).rejects.toThrow(expect.objectContaining({ code: 'DISPOSED' }));
});

const greatest = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((x, n) => Math.abs(x - b[n])));
