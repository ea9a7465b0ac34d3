import * as tf from '@tensorflow/tfjs';
import { cpu } from '@heed/backend-cpu';
import { selectBackend, type AttentionBackend } from '@heed/core';
import { UNKNOWN, type TranslateExample } from '@heed/datasets';
import { recurrent, transformer, type BeamOptions, type GreedyOptions, type Hypothesis } from '@heed/networks';
import type { ConfigOf } from '@heed/nn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Preset } from '../task.js';
import type { TranslateModel } from './translator.js';
import { outputsByLanguage } from '../outputs-by-language.js';
import { allowedPieces } from './language-pieces.js';
import { translate } from './translate.js';

const example = (language: 'fr' | 'de' | 'zh', english: string, references: readonly string[]): TranslateExample => ({
  text: `${language}: ${english}`,
  language,
  english,
  references,
  source: [],
  targets: [],
});

const SYMBOLS = ['<fr>', '<de>', '<zh>', UNKNOWN, '⇧', '▁', ...'aehinorpstuvz', '▁a', '▁o', '⇧▁open'];

/** A model that gives the same output for every input, and records its inputs and what it may write. */
function saying(output: readonly string[], weights?: readonly number[][]) {
  const asked: (readonly string[])[] = [];
  const allowed: (ReadonlySet<string> | undefined)[] = [];
  const hypothesis: Hypothesis = {
    output,
    logProbability: -1,
    score: -1,
    tokenLogProbabilities: [],
    finished: true,
    ...(weights && { weights: weights.map((row) => Float32Array.from(row)) }),
  };
  const model = {
    config: { kind: 'recurrent', sourceSymbols: SYMBOLS },
    greedy: async (sources: readonly (readonly string[])[], options: GreedyOptions) => {
      asked.push(...sources);
      allowed.push(...(options.allowed ?? []));
      return sources.map(() => hypothesis);
    },
    beam: async (sources: readonly (readonly string[])[], options: BeamOptions) => {
      allowed.push(...(options.allowed ?? []));
      return sources.map(() => Array.from({ length: options.width! }, () => hypothesis));
    },
  } as unknown as TranslateModel;
  return { model, asked, allowed };
}

describe('answer', () => {
  it('cuts the text as the vocabulary of the model says, with the tag of the language first', async () => {
    const { model, asked } = saying(['⇧', '▁o', 'u', 'v', 'r', 'i', 'r']);
    const [answer] = await translate.answer(model, [translate.parse('de: Open a€')]);
    expect(asked).toEqual([['<de>', '⇧', '▁o', 'p', 'e', 'n', '▁a', UNKNOWN]]);
    expect(answer).toMatchObject({ output: 'Ouvrir', maps: [], alternatives: [] });
  });

  it('puts the character that was looked at in the place of an unknown one', async () => {
    const { model } = saying(
      [UNKNOWN, UNKNOWN, 'a'],
      [
        [0.7, 0, 0.2, 0.1],
        [0.7, 0, 0.1, 0.2],
        [0.7, 0.1, 0.1, 0.1],
      ],
    );
    const [answer] = await translate.answer(model, [translate.parse('a€¥')]);
    expect(answer!.output).toBe('€¥a');
    expect(answer!.maps[0]).toMatchObject({
      title: 'fr: a€¥ → €¥a',
      columnLabels: ['<fr>', '·a', UNKNOWN, UNKNOWN],
      rowLabels: ['€', '¥', 'a'],
    });
    const blind = saying([UNKNOWN, 'a']);
    expect((await translate.answer(blind.model, [translate.parse('a€')]))[0].output).toBe('a');
  });

  it('lets a translation have the pieces of its language, and of its source what is no word', async () => {
    const outputs = outputsByLanguage({
      train: [
        {
          ...example('fr', 'open', ['ouvrir']),
          targets: [
            ['▁o', 'u'],
            ['▁o', 'v'],
          ],
        },
        { ...example('de', 'open', ['offen']), targets: [['▁o', 'n']] },
      ],
    });
    expect(outputs).toEqual({ fr: ['▁o', 'u', 'v'], de: ['▁o', 'n'] });
    const inputs = ['fr: a 7', 'de: Open {0}', 'zh: open'].map((text) => translate.parse(text));
    const { model, allowed } = saying(['▁o']);
    await translate.answer(model, inputs, { outputs });
    expect(allowed.map((set) => set && [...set])).toEqual([
      [UNKNOWN, '▁o', 'u', 'v', '▁a', '▁'],
      [UNKNOWN, '▁o', 'n', '⇧', 'p', 'e', '▁'],
      undefined,
    ]);
    const again = saying(['▁o']);
    await translate.answer(again.model, inputs, { outputs, beam: 2 });
    await translate.judge(again.model, [example('fr', 'a 7', ['ouvrir'])], { outputs });
    expect(again.allowed).toEqual([...allowed, allowed[0]]);
    expect([...allowedPieces(['▁o'], ['<de>', '⇧', '▁open', '{0}', 'x', '7'])]).toEqual([
      UNKNOWN,
      '▁o',
      '⇧',
      '{0}',
      'x',
      '7',
    ]);
    const free = saying(['▁o']);
    await translate.answer(free.model, inputs);
    expect(free.allowed).toEqual([undefined, undefined, undefined]);
  });

  it('labels maps as people read pieces', async () => {
    const { model } = saying(['⇧▁open', '⇧', '▁a', 'n'], [[1], [1], [1], [1]]);
    const [answer] = await translate.answer(model, [translate.parse('Open')]);
    expect(answer!.maps[0]).toMatchObject({
      columnLabels: ['<fr>', '^', '·o', 'p', 'e', 'n'],
      rowLabels: ['·Open', '^', '·a', 'n'],
    });
    expect(answer!.details['outputSymbols']).toEqual(['⇧▁open', '⇧', '▁a', 'n']);
  });

  it('tells as many as there are beams', async () => {
    const { model } = saying(['a']);
    const [answer] = await translate.answer(model, [translate.parse('a')], { beam: 3 });
    expect(answer!.alternatives).toHaveLength(2);
  });

  it('takes back what it writes', () => {
    const input = translate.parse(translate.example);
    expect(input).toMatchObject({ language: 'fr', english: 'Open Folder' });
    expect(translate.parse(translate.write(input))).toEqual(input);
  });
});

describe('judge', () => {
  it('gives the figures of every language, and their means', async () => {
    const { model } = saying(['a', '▁o', 'n', '▁a', 'n']);
    const examples = [example('fr', 'x', ['a on an', 'b']), example('zh', 'x', ['a on us'])];
    const { examples: count, figures } = await translate.judge(model, examples);
    expect(count).toBe(2);
    // Outputs of 3 words have no sequence of 4, so that precision is 0, and BLEU is 0 too.
    expect(figures).toMatchObject({ bleu: 0, bleuFr: 0, bleuZh: 0, chrfFr: 100, exact: 0.5 });
    expect(figures['chrf']).toBeCloseTo((100 + figures['chrfZh']) / 2, 10);
    expect(figures['chrfZh']).toBeGreaterThan(0);
    expect(figures).not.toHaveProperty('bleuDe');
    for (const { key } of translate.metrics.filter(({ label }) => !label.includes('German'))) {
      expect(figures).toHaveProperty(key);
    }
  });

  it('stops when told, and reports what was done', async () => {
    const { model } = saying(['a']);
    const stop = new AbortController();
    const examples = Array.from({ length: 300 }, () => example('fr', 'a', ['a']));
    const seen: number[] = [];
    const { examples: count, figures } = await translate.judge(model, examples, {
      signal: stop.signal,
      onProgress: ({ done }) => {
        seen.push(done);
        stop.abort();
      },
    });
    expect(seen).toEqual([count]);
    expect(count).toBeLessThan(300);
    expect(figures['exact']).toBe(1);
    expect((await translate.judge(model, [])).figures).toEqual({});
  });
});

describe('baselines', () => {
  const train = [
    example('fr', 'Open File', ['Ouvrir le fichier']),
    example('de', 'Open the Folder', ['Ordner öffnen']),
    example('fr', 'Close the Folder', ['Fermer le dossier', 'x']),
  ];

  it('a translation memory takes the text with most words in common, of the language', async () => {
    const [memory] = translate.baselines;
    const { figures } = await memory!.judge(train, [
      example('fr', 'open file', ['Ouvrir le fichier']),
      example('fr', 'Open the Folder', ['Fermer le dossier']),
      example('de', 'Open file', ['Ordner öffnen']),
      example('fr', 'Nothing', ['Nothing']),
    ]);
    expect(figures['exact']).toBe(1);
  });

  it('leaves the text as it is', async () => {
    const { figures } = await translate.baselines[1].judge(train, [example('fr', 'Terminal', ['Terminal'])]);
    expect(figures['exact']).toBe(1);
  });
});

describe('models of the presets', () => {
  let backend: AttentionBackend;
  beforeAll(async () => {
    backend = await selectBackend(cpu());
  });
  afterAll(() => backend.dispose());

  const data = { sourceSymbols: SYMBOLS, targetSymbols: [UNKNOWN, ...'aenopru', '▁a'] };
  const configure = (name: string): ConfigOf<typeof recurrent | typeof transformer> =>
    translate.configure(translate.presets[name], data as never, 3);

  it.each(['attention', 'plain', 'none', 'transformer'])('%s translates, and leaves nothing behind', async (name) => {
    const before = tf.memory().numTensors;
    const config = configure(name);
    const model = config.kind === 'recurrent' ? recurrent.create(config) : transformer.create(config);
    const [answer] = await translate.answer(model, [translate.parse('Open a€')]);
    expect(answer!.maps).toHaveLength(name === 'none' ? 0 : 1);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([0, -2, Number.NaN])('refuse a beam of %d', async (beam) => {
    const model = recurrent.create(configure('attention') as ConfigOf<typeof recurrent>);
    const refused = { code: 'INVALID_ARGUMENT', message: expect.stringContaining(`width is ${beam}`) };
    await expect(translate.judge(model, [example('fr', 'Open', ['x'])], { beam })).rejects.toMatchObject(refused);
    await expect(translate.answer(model, [translate.parse('Open')], { beam })).rejects.toMatchObject(refused);
    model.dispose();
  });

  it('with and without attention differ in attention alone, and have one budget', () => {
    const { attention, plain, none } = translate.presets as Record<string, Preset<typeof recurrent>>;
    expect(plain!.model).toEqual({ ...none!.model, attention: plain!.model.attention });
    const additive = (plain!.model as { attention?: object }).attention;
    expect(attention!.model).toMatchObject({ ...plain!.model, attention: { ...additive, kind: 'coverage' } });
    expect(none!.training).toEqual(plain!.training);
    expect(attention!.training).toEqual(plain!.training);
  });
});
