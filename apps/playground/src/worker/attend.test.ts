import { createMechanism } from '@heed/attention';
import { cpu } from '@heed/backend-cpu';
import { selectBackend, type AttentionBackend } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FORMULA_MECHANISMS, type AttentionSetup } from '../engine/jobs.js';
import { attend, configOf } from './attend.js';
import { tokenVectors } from './vectors.js';
import type { WordTable } from './words.js';

const SETUP: AttentionSetup = {
  mechanism: 'additive',
  query: ['a', 'cat'],
  memory: ['the', 'cat', 'sat'],
  queryVectors: 'random',
  memoryVectors: 'random',
  width: 8,
  heads: 2,
  seed: 7,
  edits: [],
  positions: true,
  temperature: 1,
  softCap: null,
  dropout: null,
  causal: false,
  window: null,
  length: null,
};

describe('attend', () => {
  let backend: AttentionBackend;
  beforeAll(async () => {
    backend = await selectBackend(cpu());
  });
  afterAll(() => backend.dispose());

  test.each(FORMULA_MECHANISMS)('%s is the mechanism of the library', async (kind) => {
    const setup: AttentionSetup = { ...SETUP, mechanism: kind, length: 2, dropout: { rate: 0.3, seed: 5 } };
    const before = tf.memory().numTensors;
    const answer = await attend(setup);
    expect(tf.memory().numTensors).toBe(before);
    const mechanism = createMechanism(configOf(setup));
    const memory = mechanism.prepare(tf.expandDims(tokenVectors(setup.memory, 'random', setup, undefined), 0), {
      lengths: [2],
    });
    const { context, weights } = mechanism.attend(
      tf.expandDims<tf.Tensor3D>(tokenVectors(setup.query, 'random', setup, undefined), 0),
      memory,
      { returnWeights: true, dropout: { rate: 0.3, seed: 5 } },
    );
    expectClose(answer.weights.data, weights!.dataSync<'float32'>());
    expectClose(answer.context.data, context.dataSync<'float32'>());
    // Dropped weights of linear attention are none that a kernel makes.
    expect(answer.path).toBe(kind === 'linear' ? 'composed' : 'fused');
    expect(Object.keys(mechanism.parameters)).toEqual(answer.parameters.map(({ key }) => key));
    mechanism.dispose();
  });

  test.each(FORMULA_MECHANISMS)('%s: the softmax of the scores is the weights, hot, cold and capped', async (kind) => {
    for (const [temperature, softCap] of [
      [1, null],
      [0.3, null],
      [4, 1.5],
      [0.5, 0.7],
    ] as const) {
      const { scores, changed, weights } = await attend({ ...SETUP, mechanism: kind, temperature, softCap });
      const final = changed ?? scores;
      const keys = SETUP.memory.length;
      for (let row = 0; row < scores.data.length; row += keys) {
        const exps = final.data.slice(row, row + keys).map(Math.exp);
        const sum = exps.reduce((total, exp) => total + exp, 0);
        expectClose(
          weights.data.slice(row, row + keys),
          exps.map((exp) => exp / sum),
        );
      }
      // Changed scores are given only when temperature or cap change them.
      expect(changed === null).toBe(temperature === 1 && softCap === null);
      const capped = (x: number): number => (softCap === null ? x : softCap * Math.tanh(x / softCap));
      if (changed !== null) {
        expectClose(
          changed.data,
          scores.data.map((score) => capped(score / temperature)),
        );
      }
    }
  });

  test.each(FORMULA_MECHANISMS)('%s: the weights after dropout are those that the context is made of', async (kind) => {
    const plain = await attend({ ...SETUP, mechanism: kind });
    expect(plain.kept).toBeNull();
    const { weights, kept, context, memory } = await attend({
      ...SETUP,
      mechanism: kind,
      dropout: { rate: 0.5, seed: 3 },
      softCap: 2,
    });
    const shares = kept!.data.map((value, n) => value / weights.data[n]);
    for (const share of shares) expect(Math.min(Math.abs(share), Math.abs(share - 2))).toBeLessThan(1e-5);
    expect(shares.some((share) => share > 1)).toBe(true);
    expect(shares.some((share) => share < 1)).toBe(true);
    // With several heads the values are projections; otherwise they are the memory itself.
    if (kind === 'multiHead' || kind === 'linear') return;
    const [keys, width] = memory.shape as [number, number];
    const sums = context.data.map((_, n) => {
      const [row, column] = [Math.floor(n / width), n % width];
      return Array.from({ length: keys }).reduce<number>(
        (sum, _, key) => sum + kept!.data[row * keys + key] * memory.data[key * width + column],
        0,
      );
    });
    expectClose(context.data, sums);
  });

  test('says where a mask lets a query look', async () => {
    expect((await attend(SETUP)).allowed).toBeNull();
    const { allowed, weights } = await attend({ ...SETUP, causal: true, length: 2 });
    expect(allowed!.shape).toEqual([2, 3]);
    expect([...allowed!.data]).toEqual([1, 1, 0, 1, 1, 0]);
    expect([...weights.data].map((weight) => Number(weight > 0))).toEqual([1, 1, 0, 1, 1, 0]);
    expect([...(await attend({ ...SETUP, length: 0 })).allowed!.data]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test('words have the vectors of the table, what it lacks has random ones and is named', async () => {
    const words: WordTable = { rows: new Map([['cat', 0]]), width: 16, data: new Uint8Array(16).fill(228) };
    const setup: AttentionSetup = {
      ...SETUP,
      query: ['Cat,', 'zyx', '—'],
      queryVectors: 'words',
      positions: false,
    };
    const { query, memory, unknown } = await attend(setup, words);
    expect(unknown).toEqual(['zyx', '—']);
    expectClose(query.data.slice(0, 8), new Float32Array(8).fill(1));
    const random = await attend({ ...setup, queryVectors: 'random' });
    expectClose(query.data.slice(8), random.query.data.slice(8));
    expectClose(memory.data, random.memory.data);
    await expect(attend(setup)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  test('an edit takes the place of a number, and one of nothing is refused', async () => {
    const edits = [{ key: 'vector', index: 2, value: 5 }];
    const { parameters } = await attend({ ...SETUP, edits });
    expect(parameters.find(({ key }) => key === 'vector')!.data[2]).toBe(5);
    for (const key of ['vector', 'nothing', 'constructor']) {
      const wrong = [{ key, index: 99, value: 1 }];
      await expect(attend({ ...SETUP, edits: wrong })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    }
  });
});

function expectClose(got: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(got.length).toBe(expected.length);
  Array.from(got).forEach((value, n) => expect(value).toBeCloseTo(expected[n], 5));
}
