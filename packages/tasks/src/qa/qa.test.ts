import * as tf from '@tensorflow/tfjs';
import { loadQa, type QaDataset, type StoryExample } from '@heed/datasets';
import { createMemoryNetwork, type MemoryNetwork } from '@heed/networks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { figuresOf } from './figures.js';
import { qa } from './qa.js';

let data: QaDataset;
let model: MemoryNetwork;
beforeAll(async () => {
  await tf.setBackend('cpu');
  data = await loadQa({ seed: 3, stories: 40, countryStories: 60 });
  model = createMemoryNetwork(qa.configure(qa.presets['memory'], data, 1));
});
afterAll(() => model.dispose());

const perfect = (examples: readonly StoryExample[]) =>
  examples.map(({ answer, facts, supports }) => ({
    answer,
    weights: [0, 1].map(() => Float32Array.from(facts, (_, n) => (supports.includes(n) ? 1 / supports.length : 0))),
  }));

describe('qa', () => {
  it('has presets that differ in what they look with, all else being equal', async () => {
    const [first] = Object.keys(qa.presets);
    expect(first).toBe('memory');
    const { memory, none, weak, oneHop } = qa.presets;
    expect(none!.model).toEqual({ ...memory!.model, attention: { kind: 'none' } });
    expect(weak!.model).toEqual({ ...memory!.model, supportWeight: 0 });
    expect(oneHop!.model).toEqual({ ...memory!.model, hops: 1 });
    for (const { training } of [none!, weak!, oneHop!]) expect(training).toEqual(memory!.training);
    expect(model.parameterCount * 4).toBeLessThan(8e6);
  });

  it('takes every story of the data', async () => {
    const all = [...data.train, ...data.validation, ...data.test];
    for (const example of all) {
      expect(qa.write(example)).toBe(example.text);
      expect(qa.parse(example.text)).toEqual({ facts: example.facts, question: example.question });
    }
    const [loss] = tf.tidy(() => model.loss(all).dataSync());
    expect(loss).toSatisfy(Number.isFinite);
  });

  it('judges answers by family, and looks by what supports', () => {
    const { test } = data;
    const right = figuresOf(test, perfect(test));
    expect(Object.keys(right.figures).every((key) => qa.metrics.some((metric) => metric.key === key))).toBe(true);
    expect(right).toMatchObject({ examples: test.length, figures: { accuracy: 1, accuracyLists: 1, support: 1 } });
    expect(right.figures['supportMass']).toBeCloseTo(1, 6);
    const wrong = figuresOf(
      test,
      test.map(({ facts, supports }) => ({
        answer: ['elsewhere'],
        weights: [Float32Array.from(facts, (_, n) => (supports.includes(n) ? 0 : 1))],
      })),
    );
    expect(wrong.figures).toMatchObject({ accuracy: 0, accuracyOneFact: 0 });
    expect(wrong.figures['supportMass']).toBe(0);
    const half = figuresOf(
      test,
      test.map(({ answer }, n) => ({ answer: n % 2 === 0 ? answer : ['elsewhere'] })),
    );
    expect(half.figures['accuracy']).toBeCloseTo(0.5, 1);
    expect(half.figures).not.toHaveProperty('support');
  });

  it('judges a model, until it is stopped', async () => {
    const progress: number[] = [];
    const judged = await qa.judge(model, data.test, { onProgress: ({ done }) => progress.push(done) });
    expect(judged.examples).toBe(data.test.length);
    expect(progress.at(-1)).toBe(data.test.length);
    expect(judged.figures['accuracy']).toBeLessThan(0.7);
    expect((await qa.judge(model, data.test, { signal: AbortSignal.abort() })).examples).toBe(0);
  });

  it('has a baseline that reads no facts', async () => {
    const [baseline] = qa.baselines;
    const { examples, figures } = await baseline!.judge(data.train, data.test);
    expect(examples).toBe(data.test.length);
    expect(figures['accuracy']).toBeGreaterThan(0.05);
    expect(figures['accuracy']).toBeLessThan(0.7);
  });

  it('answers what is typed, with a map of hops and facts', async () => {
    const input = qa.parse(qa.example);
    const before = tf.memory().numTensors;
    const [answer] = await qa.answer(model, [input]);
    expect(tf.memory().numTensors).toBe(before);
    const [map] = answer!.maps;
    expect(map!.rowLabels).toEqual(['hop 1', 'hop 2', 'hop 3']);
    expect(map!.columnLabels).toEqual([
      'Mary went to the garden',
      'John took the ball',
      'John walked to the kitchen',
      'Mary went to the office',
      '(no fact)',
    ]);
    for (const row of map!.weights) {
      expect(Array.from(row).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
    }
    expect(answer!.alternatives).toHaveLength(4);
    const names = ['Mary', 'garden', 'John', 'ball', 'kitchen', 'office', ...data.answers];
    for (const word of answer!.output.split(', ')) expect(names).toContain(word);
    expect(JSON.parse(JSON.stringify(answer!.details))).toEqual(answer!.details);
    await expect(qa.answer(model, [input], { beam: 4 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(qa.answer(model, [input], { sampling: {} })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('tells what is as good as impossible in JSON', async () => {
    const candidates = [
      { answer: 'yes', probability: 1 },
      { answer: 'no', probability: 0 },
    ];
    const sure = { answer: async () => [{ answer: ['yes'], candidates }] } as Partial<MemoryNetwork> as MemoryNetwork;
    const [answer] = await qa.answer(sure, [qa.parse(qa.example)]);
    expect(answer!.alternatives).toEqual([{ output: 'no', logProbability: Math.log(Number.MIN_VALUE) }]);
  });

  it('has no map without attention', async () => {
    const without = createMemoryNetwork(qa.configure(qa.presets['none'], data, 1));
    const [answer] = await qa.answer(without, [qa.parse(qa.example)]);
    expect(answer!.maps).toEqual([]);
    expect((await qa.judge(without, data.test)).figures).not.toHaveProperty('support');
    without.dispose();
  });
});
