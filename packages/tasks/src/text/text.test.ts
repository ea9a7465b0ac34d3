import '@tensorflow/tfjs';
import { createLanguageModel, type LanguageConfig, type LanguageModel } from '@heed/networks';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generate } from '../generate/generate.js';
import { names } from '../names/names.js';
import { findTask } from '../tasks.js';

const example = (text: string, ends: boolean, context = 0) => ({ text, symbols: [...text], context, ends });

beforeAll(() => tf.setBackend('cpu'));

describe.each([
  ['generate', generate],
  ['names', names],
] as const)('%s', (name, task) => {
  it('is a task with presets of one budget, and one without attention', () => {
    expect(findTask(name)).toBe(task);
    const presets = Object.values(task.presets);
    for (const { training } of presets) expect(training).toEqual(presets[0].training);
    expect(Object.keys(task.presets)).toEqual(['transformer', 'lstm', 'lstmAttention']);
    expect(task.presets['lstm'].model).toMatchObject({ architecture: 'lstm', attention: { kind: 'none' } });
    expect(task.parse(task.example).text).toBe(task.example);
  });

  it('has presets of like sizes, that fit a repository', () => {
    const symbols = Array.from({ length: 80 }, (_, n) => String.fromCodePoint(97 + n));
    const counts = Object.values(task.presets).map(({ model }) => {
      const made = createLanguageModel({ ...model, symbols, seed: 1 } as LanguageConfig);
      made.dispose();
      return made.parameterCount;
    });
    expect(Math.max(...counts)).toBeLessThan(2_000_000);
    expect(Math.max(...counts) / Math.min(...counts)).toBeLessThan(1.4);
  });
});

describe('names', () => {
  let model: LanguageModel;
  beforeAll(async () => {
    const data = await names.load({ seed: 1 });
    const preset = names.presets['transformer'];
    const config = names.configure(
      { ...preset, model: { ...preset.model, width: 8, feedForwardWidth: 8, heads: 2 } as never },
      data,
      3,
    );
    model = createLanguageModel(config);
  });
  afterAll(() => model.dispose());

  it('beats nothing untrained, and 4-grams beat chance', async () => {
    const { train, test } = await names.load({ seed: 1 });
    const some = test.slice(0, 100);
    const [grams, chance] = await Promise.all(names.baselines.map((baseline) => baseline.judge(train, some)));
    expect(chance!.figures['bitsPerCharacter']).toBeCloseTo(Math.log2(28), 9);
    expect(grams!.figures['bitsPerCharacter']).toBeGreaterThan(2);
    expect(grams!.figures['bitsPerCharacter']).toBeLessThan(3.2);
    const seen: number[] = [];
    const judgement = await names.judge(model, some, { onProgress: ({ done }) => seen.push(done) });
    expect(judgement.examples).toBe(100);
    expect(seen.at(-1)).toBe(100);
    // Predicted are letters, hyphens, and the end of every name.
    expect(judgement.figures['characters']).toBe(some.reduce((sum, { symbols }) => sum + symbols.length + 1, 0));
    expect(judgement.figures['bitsPerCharacter']).toBeGreaterThan(chance!.figures['bitsPerCharacter'] - 0.2);
    expect(judgement.figures['perplexity']).toBeCloseTo(2 ** judgement.figures['bitsPerCharacter'], 9);
  });

  it('judges in parts as a whole, to the bit', async () => {
    const { test } = await names.load({ seed: 1 });
    const some = test.slice(0, 40);
    const parts = [await names.outcomes(model, some.slice(0, 7)), await names.outcomes(model, some.slice(7))];
    expect(names.figures(some, structuredClone(parts).flat())).toEqual(await names.judge(model, some));
  });

  it('writes on, with a map of each head', async () => {
    const before = tf.memory().numTensors;
    const sampling = { seed: 4, length: 6 };
    const [answer, again] = await names.answer(model, [names.parse(' Mar'), names.parse('mar')], { sampling });
    expect(tf.memory().numTensors).toBe(before);
    expect(again).toEqual(answer);
    expect(answer!.details['text']).toBe(`mar${answer!.output}`);
    expect(answer!.output.length).toBeGreaterThan(0);
    expect(answer!.maps).toHaveLength(2);
    for (const map of answer!.maps) {
      expect(map.rowLabels!.join('')).toBe(answer!.output);
      expect(map.columnLabels!.join('')).toBe(`⊢mar${answer!.output.slice(0, -1)}`);
      map.weights.forEach((row, n) => {
        const all = Array.from(row);
        expect(all.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 4);
        // Before the first written letter, four positions had been read; before each later one, one more.
        expect(all.slice(4 + n).every((weight) => weight === 0)).toBe(true);
        // Later positions are masked, which is more than a weight of 0.
        expect(Array.from(map.masked![n])).toEqual(all.map((_, place) => place >= 4 + n));
      });
    }
    const [other] = await names.answer(model, [names.parse('')], { sampling: { seed: 5, length: 6 } });
    expect(other!.output).not.toBe(answer!.output);
  });

  it('refuses a beam, and what is no name', async () => {
    const invalid = expect.objectContaining({ code: 'INVALID_ARGUMENT' });
    await expect(names.answer(model, [names.parse('a')], { beam: 2 })).rejects.toThrow(invalid);
    await expect(names.answer(model, [names.parse('a')], { sampling: { topP: 2 } })).rejects.toThrow(invalid);
    expect(() => names.parse('mary ann')).toThrow(invalid);
    expect(names.expected(example('ann', true))).toEqual([]);
  });

  it('refuses what is longer than any name', () => {
    expect(names.parse(` ${'a'.repeat(64)} `).symbols).toHaveLength(64);
    expect(() => names.parse('a'.repeat(65))).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('65 characters') }),
    );
  });
});

describe('generate', () => {
  it('keeps the space that says a word is finished', () => {
    expect(generate.parse('  The “State”\n').text).toBe('The "State" ');
    expect(generate.parse('Unit').symbols).toEqual([...'Unit']);
    expect(generate.parse('Señor—“Año”\u00a0…').text).toBe('Senor--"Ano" ...');
    expect(generate.parse('   ').text).toBe('');
    expect(generate.write(generate.parse('We are ')).endsWith(' ')).toBe(true);
  });

  it.each(['5 €', 'a#b', 'The 国', 'no 😀', '½'])(
    'refuses %j, of which the model has never seen a character',
    (text) => {
      expect(() => generate.parse(text)).toThrow(
        expect.objectContaining({
          code: 'INVALID_ARGUMENT',
          message: expect.stringMatching(/character "[€#国😀\u2044]/u),
        }),
      );
    },
  );

  it('refuses a beginning of more than a thousand characters', () => {
    expect(generate.parse('a'.repeat(1000)).symbols).toHaveLength(1000);
    expect(() => generate.parse('a'.repeat(1001))).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('1001 characters') }),
    );
  });

  it('takes an undefined option of sampling for one that is not given', async () => {
    const model = { async *generate() {} } as Partial<LanguageModel> as LanguageModel;
    const sampling = { temperature: undefined, topK: 3 } as object;
    const [answer] = await generate.answer(model, [generate.parse('a')], { sampling });
    expect(answer!.details['sampling']).toEqual({ length: 200, temperature: 0.7, topK: 3 });
  });

  it('shows only as much of a long text as can be read', async () => {
    const text = 'My fellow citizens, the state of the Union is good, and it is getting better every day. ';
    const model = createLanguageModel({
      kind: 'language',
      architecture: 'lstm',
      symbols: [...new Set(text)],
      seed: 1,
      layers: 1,
      window: 16,
      dropout: 0,
      embeddingWidth: 4,
      units: 5,
      outputUnits: 6,
      attention: { kind: 'general' },
    });
    const [{ maps, output } = { maps: [], output: '' }] = await generate.answer(model, [generate.parse(text)], {
      sampling: { length: 40 },
    });
    const [map] = maps;
    expect([map!.weights.length, map!.weights[0].length]).toEqual([Math.min(24, output.length), 36]);
    expect(output.length).toBeGreaterThan(10);
    expect(map!.rowLabels!.join('').replaceAll('␣', ' ')).toBe(output.slice(-24));
    for (const row of map!.weights) expect(Array.from(row).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 4);
    model.dispose();
  });
});
