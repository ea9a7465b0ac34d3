import { cpu } from '@heed/backend-cpu';
import { wasm } from '@heed/backend-wasm';
import { selectBackend, type AttentionBackend } from '@heed/core';
import { Tokenizer } from '@tensorflow-models/universal-sentence-encoder/dist/tokenizer/index.js';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSentenceEncoder, similarity, type SentenceEncoder, type SentenceEncoderFiles } from '../src/index.js';
import { loadOriginal } from './original.js';
import { SENTENCES } from './sentences.js';

// The greatest measured differences are 8e-7 in embeddings, of numbers up to 0.2, and 1.6e-6 in weights. A missing scale, norm or mask gives 0.01 or more.
const BOUND = 2e-6;
const PROBE = SENTENCES[13];

let files: SentenceEncoderFiles;
let embeddings: number[][];
let attention: number[][][][];

// The original's tokenizer and graph run on TensorFlow.js's own kernels, since no backend of Heed is selected yet.
beforeAll(async () => {
  await tf.setBackend('wasm');
  const original = await loadOriginal();
  files = original.files;
  const tokenizer = new Tokenizer(JSON.parse(new TextDecoder().decode(files.vocabulary)) as [string, number][]);
  const idsOf = (text: string): Int32Array => Int32Array.from(tokenizer.encode(text));
  embeddings = await original.embed(SENTENCES.map(idsOf));
  attention = await original.attend(idsOf(PROBE));
  original.dispose();
});

describe.each([
  ['cpu', cpu()],
  ['wasm', wasm({ threads: 1 })],
])('on %s', (_, factory) => {
  let backend: AttentionBackend;
  let encoder: SentenceEncoder;
  let embedded: tf.Tensor2D;
  beforeAll(async () => {
    backend = await selectBackend(factory);
    encoder = createSentenceEncoder(files);
    embedded = encoder.embed(SENTENCES);
  });
  afterAll(async () => {
    embedded.dispose();
    encoder.dispose();
    await backend.dispose();
  });

  it('embeddings are those of the original graph', async () => {
    expect(embedded.shape).toEqual([SENTENCES.length, 512]);
    expect(distance(await embedded.array(), embeddings)).toBeLessThan(BOUND);
  });

  it('so are the similarities of all pairs', async () => {
    const cosines = await similarity(embedded).array();
    const expected = embeddings.map((a) => embeddings.map((b) => dot(a, b)));
    expect(distance(cosines, expected)).toBeLessThan(BOUND);
    expect(cosines[0][1]).toBeGreaterThan(0.8); // How old are you? What is your age?
    expect(Math.abs(cosines[0][7])).toBeLessThan(0.2); // the sentence about the violin
  });

  it('and the attention weights, of every head', async () => {
    const { weights, pieces } = await encoder.attend(PROBE);
    expect(weights.map((layer) => layer.length)).toEqual([4, 4]);
    const rows = weights.flat(2).map((row) => Array.from(row));
    expect(rows[0]).toHaveLength(pieces.length);
    expect(distance(rows, attention.flat(2))).toBeLessThan(BOUND);
  });

  it('a sentence gets the same embedding alone as beside longer ones', async () => {
    for (const n of [0, 10, 12, 18]) {
      const alone = encoder.embed([SENTENCES[n]]);
      expect(distance(await alone.array(), [embeddings[n]])).toBeLessThan(BOUND);
      alone.dispose();
    }
  });
});

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, n) => sum + x * b[n], 0);

/** Greatest difference between elements at the same indices. */
function distance(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number {
  expect(a.map((row) => row.length)).toEqual(b.map((row) => row.length));
  return Math.max(
    ...a.map((row, i) => Math.max(...row.map((x, j) => (Number.isFinite(x) ? Math.abs(x - b[i][j]) : Infinity)))),
  );
}
