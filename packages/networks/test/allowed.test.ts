import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import type { Allowed } from '../src/decoding/allowed.js';
import type { WatchedStep } from '../src/decoding/watch.js';
import { createSeq2Seq } from '../src/recurrent/seq2seq.js';
import { createTransformer } from '../src/transformer/transformer.js';
import { CPU, useEngine } from '../../nn/test/engines.js';
import { symbols, tinyConfig, VARIANTS } from './models.js';

const SOURCES = ['cabdabcd', 'ab', 'dcba'].map(symbols);
const ALL = new Set('abcdABCD');
const SETS: readonly Allowed[] = [new Set(['A', 'c']), undefined, new Set(['D', 'B', 'd'])];

/** One of each kind, copying ones included, and a transformer. */
const MODELS = [
  ...VARIANTS.map(([name, config]) => [name, () => createSeq2Seq(config)] as const),
  [
    'transformer',
    () =>
      createTransformer({
        kind: 'transformer',
        sourceSymbols: tinyConfig().sourceSymbols,
        targetSymbols: tinyConfig().targetSymbols,
        seed: 3,
        width: 8,
        heads: 2,
        encoderLayers: 1,
        decoderLayers: 1,
        feedForwardWidth: 8,
        positions: 'sinusoidal',
        tiedEmbeddings: false,
        dropout: 0,
      }),
  ] as const,
];

describe('allowed symbols', () => {
  it.each(MODELS)('are all that a search writes, of each source its own: %s', async (_, create) => {
    await useEngine(CPU);
    const model = create();
    const before = tf.memory().numTensors;
    const options = { maxLength: 6, allowed: SETS };
    const free = await model.greedy(SOURCES, { maxLength: 6 });
    const greedy = await model.greedy(SOURCES, options);
    const beam = await model.beam(SOURCES, { ...options, width: 3 });
    SETS.forEach((set, n) => {
      if (set === undefined) return expect(greedy[n]).toEqual(free[n]);
      for (const { output, logProbability } of [greedy[n], ...beam[n]]) {
        expect(output.filter((symbol) => !set.has(symbol))).toEqual([]);
        expect(logProbability).toBeGreaterThan(-Infinity);
      }
    });
    // Sets stay with their sources, whatever the order.
    const turned = { maxLength: 6, allowed: SETS.toReversed() };
    expect((await model.greedy(SOURCES.toReversed(), turned)).map(({ output }) => output)).toEqual(
      greedy.map(({ output }) => output).toReversed(),
    );
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  it.each(MODELS)('change nothing when all are: %s', async (_, create) => {
    await useEngine(CPU);
    const model = create();
    const allowed = SOURCES.map(() => ALL);
    expect(await model.greedy(SOURCES, { allowed })).toEqual(await model.greedy(SOURCES));
    expect(await model.beam(SOURCES, { allowed, width: 2 })).toEqual(await model.beam(SOURCES, { width: 2 }));
    model.dispose();
  });

  it('are chosen by the probabilities of the model itself, as watch shows', async () => {
    await useEngine(CPU);
    const model = createSeq2Seq(VARIANTS.find(([name]) => name.startsWith('copying'))![1]);
    const allowed = new Set(['B', 'c']);
    const seen: WatchedStep[] = [];
    for await (const step of model.watch(SOURCES[0], { allowed, maxLength: 4 })) seen.push(step);
    const [greedy] = await model.greedy([SOURCES[0]], { allowed: [allowed], maxLength: 4 });
    expect(seen.flatMap(({ symbol }) => symbol ?? [])).toEqual(greedy.output);
    expect(seen.map(({ logProbability }) => logProbability)).toEqual(greedy.tokenLogProbabilities);
    const { value } = (await model.watch(SOURCES[0]).next()) as { value: WatchedStep };
    const left = value.candidates.filter(({ symbol }) => symbol === undefined || allowed.has(symbol));
    expect(left.length).toBeLessThan(value.candidates.length);
    expect(seen[0].candidates).toEqual(left);
    model.dispose();
  });

  it('are refused when they are not a set for each source', async () => {
    await useEngine(CPU);
    const model = createSeq2Seq(tinyConfig());
    const refused = (message: string) => ({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining(message) as string,
    });
    await expect(model.greedy(SOURCES, { allowed: [ALL] })).rejects.toMatchObject(refused('1 sets for 3 sources'));
    await expect(model.beam(SOURCES, { allowed: ALL as never })).rejects.toMatchObject(refused('no list of sets'));
    await expect(model.watch(SOURCES[0], { allowed: ['A'] as never }).next()).rejects.toMatchObject(
      refused('no list of sets'),
    );
    model.dispose();
  });
});
