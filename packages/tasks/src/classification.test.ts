import { cpu } from '@heed/backend-cpu';
import { selectBackend, type AttentionBackend } from '@heed/core';
import { renderTerminal } from '@heed/heatmap';
import { createClassifier, type Classifier } from '@heed/networks';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { figuresFor, mostCommonClass, naiveBayes } from './classification.js';
import { sentiment } from './sentiment/sentiment.js';
import { spam } from './spam/spam.js';

let backend: AttentionBackend;
beforeAll(async () => {
  backend = await selectBackend(cpu());
});
afterAll(() => backend.dispose());

const vocabulary = { symbols: ['lacking', 'skill'], classes: ['negative', 'positive'] };
const mailVocabulary = { symbols: ['free', 'prize', '!'], classes: ['ham', 'spam'] };

function modelOf(task: typeof sentiment | typeof spam, preset: string, data: object): Classifier {
  const config = task.configure(task.presets[preset], data as never, 5);
  return createClassifier(config);
}

describe.each([
  ['sentiment', sentiment, vocabulary],
  ['spam', spam, mailVocabulary],
] as const)('%s', (name, task, data) => {
  it('has an example that it can parse and write', () => {
    const input = task.parse(task.example);
    expect(task.parse(task.write(input))).toEqual(input);
    expect(() => task.parse('  ')).toThrowError(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    expect(task.name).toBe(name);
  });

  it.each(Object.keys(task.presets))('makes, judges and asks a model by preset %s', async (preset) => {
    const model = modelOf(task, preset, data);
    // A checkpoint of 8 MB has two million parameters, of which ten thousand word vectors are not in this model.
    expect(model.parameterCount + 10_000 * model.config.embeddingWidth).toBeLessThan(2_000_000);
    expect(model.config).toMatchObject({ seed: 5, ...data });
    const input = task.parse(task.example);
    const examples = data.classes.map((label) => ({ ...input, label, words: [] })) as never;
    const { figures, examples: count } = await task.judge(model, examples);
    expect([count, figures['accuracy'], figures['errors']]).toEqual([2, 0.5, 1]); // both examples have the same text
    for (const { key } of task.metrics) expect(figures[key]).toBeTypeOf('number');

    const [answer] = await task.answer(model, [input]);
    const { probability, probabilities } = answer!.details as { probability: number; probabilities: object };
    expect(data.classes).toContain(answer!.output);
    expect(Object.keys(probabilities)).toEqual(data.classes);
    expect(probability).toBeGreaterThanOrEqual(0.5);
    expect(answer!.alternatives).toEqual([
      {
        output: data.classes.find((one) => one !== answer!.output),
        logProbability: expect.closeTo(Math.log(1 - probability), 4),
      },
    ]);
    const isAttentive = model.config.pooling.kind === 'attentive';
    expect(answer!.maps.length > 0).toBe(isAttentive);
    expect(answer!.details['wordWeights'] !== null).toBe(isAttentive);
    for (const map of answer!.maps) {
      const sum = Array.from(map.weights[0]).reduce((total, weight) => total + weight, 0);
      expect(sum).toBeCloseTo(1, 5);
      expect(map.columnLabels).toHaveLength(map.weights[0].length);
    }
    await expect(task.answer(model, [input], { beam: 2 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(task.answer(model, [input], { sampling: {} })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    model.dispose();
  });
});

test('an answer is JSON though the other class is as good as impossible', async () => {
  const found = { label: 'ham', probabilities: Float32Array.of(1, 0) };
  const model = { config: mailVocabulary, classify: async () => [found] } as unknown as Classifier;
  const [answer] = await spam.answer(model, [spam.parse('Lunch?')]);
  expect(answer!.alternatives).toEqual([{ output: 'spam', logProbability: Math.log(Number.MIN_VALUE) }]);
  expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
});

describe('maps', () => {
  it('show the words of a definition', async () => {
    const model = modelOf(sentiment, 'attentive', vocabulary);
    const [answer] = await sentiment.answer(model, [sentiment.parse('lacking skill; dull')]);
    expect(answer!.maps).toHaveLength(1);
    expect(answer!.maps[0].columnLabels).toEqual(['lacking', 'skill', 'dull']);
    expect(renderTerminal(answer!.maps)).toContain(answer!.output);
    model.dispose();
  });

  it('show the sentences of a mail, and the words of the heaviest ones', async () => {
    const model = modelOf(spam, 'hierarchical', mailVocabulary);
    const text = 'Subject: prize\n\nA free prize! Two words. Three. Four of them. Five. Six.';
    const [answer] = await spam.answer(model, [spam.parse(text)]);
    const [over, ...within] = answer!.maps;
    expect(over!.columnLabels).toEqual(['1', '2', '3', '4', '5', '6', '7']);
    expect(within).toHaveLength(4);
    const weights = Array.from(over!.weights[0]);
    const shown = within.map(({ title }) => Number(/\d+/.exec(title!)![0]) - 1);
    const least = Math.min(...shown.map((n) => weights[n]));
    weights.forEach((weight, n) => shown.includes(n) || expect(weight).toBeLessThanOrEqual(least));
    model.dispose();
  });
});

describe('baselines', () => {
  const text = (words: string, label: string) => ({ text: words, sentences: [words.split(' ')], label });
  const train = [text('a good one', 'p'), text('a bad one', 'n'), text('a bad bad thing', 'n')];
  const examples = [text('good good', 'p'), text('bad', 'n'), text('good thing', 'p'), text('unheard', 'p')];

  it('tell the most common class', async () => {
    const { figures, examples: count } = await mostCommonClass(['n', 'p'], figuresFor('p')).judge(train, examples);
    expect([count, figures['accuracy'], figures['f1']]).toEqual([4, 0.25, 0]);
  });

  it.each([mostCommonClass, naiveBayes])('refuse to learn a label that is no class', async (baseline) => {
    const strange = [...train, text('a fair one', 'fair')];
    await expect(baseline(['n', 'p'], figuresFor('p')).judge(strange, examples)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('"fair"'),
    });
  });

  it('tell the class whose words are the text’s, by hand', async () => {
    // Words 5 (a, good, one, bad, thing); p has 3, n has 3 + 3. 'good thing': p ⅓·(2/8)(1/8) = 0.0104 is below
    // n ⅔·(1/11)(2/11) = 0.0110; 'good': p ⅓·2/8 = 0.083 is above n ⅔·1/11 = 0.061; 'unheard' leaves the prior, n.
    const { figures } = await naiveBayes(['n', 'p'], figuresFor('p')).judge(train, examples);
    expect(figures['accuracy']).toBe(0.5);
    expect(figures['f1']).toBe(0.5);
  });
});
