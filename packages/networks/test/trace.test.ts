import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { switchOffHeads } from '../src/heads.js';
import { createLanguageModel } from '../src/language/language-model.js';
import { CPU, useEngine } from '../../nn/test/engines.js';
import { SYMBOLS, tinyLstm, tinyTransformerModel } from './language-models.js';

const TEXT = [...'cab'];

beforeAll(() => useEngine(CPU));

const near = (found: ArrayLike<number>, wanted: ArrayLike<number>): void => {
  expect(found.length).toBe(wanted.length);
  Array.from(found).forEach((x, n) => expect(x).toBeCloseTo(wanted[n]!, 5));
};

it('ends in what the model says, and has its weights', async () => {
  const model = createLanguageModel(tinyTransformerModel({ tiedEmbeddings: true }));
  const before = tf.memory().numTensors;
  const { embedded, blocks, next } = await model.trace(TEXT);
  expect(tf.memory().numTensors).toBe(before);
  expect([embedded.length, blocks.length, next.length]).toEqual([4, 2, 5]);
  for (const symbol of SYMBOLS) {
    const [surprisals] = await model.surprisal([{ symbols: [...TEXT, symbol], ends: false }]);
    const found = next.at(-1)!.find((one) => one.symbol === symbol);
    expect(found!.logProbability).toBeCloseTo(-surprisals!.at(-1)!, 5);
  }
  const seen = await model.observe([...TEXT, 'a']);
  blocks.forEach(({ weights }, layer) =>
    weights.forEach((rows, head) =>
      rows.forEach((row, t) => {
        near(row.slice(0, t + 1), seen[layer]![head]![t]!);
        expect(row.slice(t + 1).every((x) => x === 0)).toBe(true);
      }),
    ),
  );
  for (const candidates of next) {
    expect(candidates.map(({ symbol }) => symbol ?? '').toSorted()).toEqual(['', ...SYMBOLS]);
    expect(candidates.reduce((sum, { logProbability }) => sum + Math.exp(logProbability), 0)).toBeCloseTo(1, 5);
  }
  model.dispose();
});

it('x₀ is the vectors of the symbols, and heads that are off add nothing to it', async () => {
  const model = createLanguageModel(tinyTransformerModel());
  const off = [0, 1].map((head) => ({ layer: 'layers/0/attention', head }));
  switchOffHeads(model, off);
  const { embedded, blocks } = await model.trace(TEXT);
  const vectors = (await model.parameters['embedding']!.array()) as number[][];
  // The beginning is symbol 0; 'c' is the third after it.
  [0, 3, 1, 2].forEach((id, place) =>
    near(
      embedded[place]!,
      vectors[id]!.map((x) => x * Math.sqrt(8)),
    ),
  );
  blocks[0]!.attended.forEach((row, place) => near(row, embedded[place]!));
  expect(blocks[0]!.output).not.toEqual(blocks[0]!.attended);
  expect(blocks[1]!.attended).not.toEqual(blocks[0]!.output);
  model.dispose();
});

it('a model without blocks has none', async () => {
  const model = createLanguageModel(tinyLstm());
  await expect(model.trace(TEXT)).rejects.toThrow('this model has no blocks');
  model.dispose();
});
