import * as tf from '@tensorflow/tfjs';
import { beforeEach, describe, expect, it } from 'vitest';
import { createMemoryNetwork, type MemoryNetwork } from '../src/memory/memory-network.js';
import { createTrainer, decodeModel, encodeModel } from '@heed/nn';
import { isSameAnswer, memory } from '../src/memory/kind.js';
import type { AnsweredStory } from '../src/memory/batch.js';
import { MEMORY_NETWORKS as VARIANTS, tinyMemory as tinyConfig } from './memory-networks.js';
import { COMPOSED, CPU, WASM, greatestDifference, useEngine, values } from '../../nn/test/engines.js';
import { answerByHand } from './memory-oracle.js';

const words = (text: string): string[] => text.split(' ');
const story = (facts: string, question: string, answer: string, supports: number[]): AnsweredStory => ({
  facts: facts.split('. ').map(words),
  question: words(question),
  answer: words(answer),
  supports,
});
const STORIES = [
  story('Ann in attic. Ben in cellar. Ann in cellar', 'where is Ann', 'cellar', [2]),
  story('Ann has map', 'where is Ann', 'nothing', [0]),
  story('Cy has map. Cy has coin. Dee in den. Cy in den', 'what has Cy', 'coin map', [0, 1]),
];

/** Other parameters than at the start, so that no bias is 0. */
function stir(model: MemoryNetwork): void {
  Object.values(model.parameters).forEach((variable, i) => {
    tf.tidy(() => variable.assign(tf.add(variable, tf.tensor(values(variable.size, i), variable.shape).mul(0.3))));
  });
}

function differentiate(model: MemoryNetwork): { loss: number; gradients: Record<string, Float32Array> } {
  const entries = Object.entries(model.parameters);
  const { value, grads } = tf.variableGrads(
    () => model.loss(STORIES, { labelSmoothing: 0.1 }),
    entries.map(([, variable]) => variable),
  );
  const loss = value.dataSync()[0];
  const gradients = Object.fromEntries(
    entries.map(([key, { name }]) => [key, Float32Array.from(grads[name].dataSync())]),
  );
  tf.dispose([value, grads]);
  return { loss, gradients };
}

describe.each(VARIANTS)('%s', (_, config) => {
  it('answers as the formulas do in double precision, on every engine', async () => {
    for (const engine of [CPU, COMPOSED, WASM] as const) {
      await useEngine(engine);
      const model = createMemoryNetwork(config);
      stir(model);
      const answers = await model.answer(STORIES);
      STORIES.forEach((one, n) => {
        const right = answerByHand(model, one);
        const { candidates, weights } = answers[n];
        expect(candidates.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 6);
        for (const { answer, probability } of candidates)
          expect(probability).toBeCloseTo(right.probabilities.get(answer)!, 4);
        expect(candidates).toHaveLength(right.probabilities.size);
        if (config.attention.kind === 'none') expect(weights).toBeUndefined();
        else weights!.forEach((row, hop) => expect(greatestDifference(row, right.weights[hop])).toBeLessThan(1e-4));
      });
      model.dispose();
    }
  });

  it('has the gradient of its central differences, on every parameter', async () => {
    await useEngine(CPU);
    const model = createMemoryNetwork(config);
    stir(model);
    const { gradients } = differentiate(model);
    for (const [key, variable] of Object.entries(model.parameters)) {
      const gradient = gradients[key];
      const direction = values(variable.size, key.length);
      const start = variable.dataSync<'float32'>().slice();
      const lossAt = (distance: number): number =>
        tf.tidy(() => {
          const moved = start.map((x, n) => x + distance * direction[n]);
          variable.assign(tf.tensor(moved, variable.shape));
          return model.loss(STORIES, { labelSmoothing: 0.1 }).dataSync()[0];
        });
      const difference = (lossAt(0.002) - lossAt(-0.002)) / 0.004;
      lossAt(0);
      expect([key, gradient.some((g) => g !== 0)]).toEqual([key, true]);
      const along = gradient.reduce((sum, g, n) => sum + g * direction[n], 0);
      const bound = 0.005 * Math.max(1, Math.abs(difference));
      expect(Math.abs(along - difference), `${key}: ${along} and ${difference}`).toBeLessThan(bound);
    }
    model.dispose();
  });

  it('has the same loss and gradients on every engine', async () => {
    const results = [];
    for (const engine of [CPU, COMPOSED, WASM] as const) {
      await useEngine(engine);
      const model = createMemoryNetwork(config);
      stir(model);
      results.push(differentiate(model));
      model.dispose();
    }
    const [host, ...others] = results;
    for (const { loss, gradients } of others) {
      expect(loss).toBeCloseTo(host!.loss, 5);
      for (const [key, gradient] of Object.entries(gradients)) {
        expect(greatestDifference(gradient, host!.gradients[key]), key).toBeLessThan(1e-4);
      }
    }
  });

  it.each([[[3]], [[-1]], [[0.5]]])('refuses supports %j of three facts', async (supports) => {
    await useEngine(CPU);
    const model = createMemoryNetwork(config);
    const invalid = expect.objectContaining({ code: 'INVALID_ARGUMENT' });
    expect(() => model.loss([{ ...STORIES[0], supports }])).toThrow(invalid);
    model.dispose();
  });

  it('leaks nothing, and says so after dispose', async () => {
    await useEngine(CPU);
    const empty = tf.memory().numTensors;
    const model = createMemoryNetwork(config);
    const full = tf.memory().numTensors;
    expect(full - empty).toBe(Object.keys(model.parameters).length);
    differentiate(model);
    await model.answer(STORIES);
    expect(tf.memory().numTensors).toBe(full);
    model.dispose();
    model.dispose();
    expect(tf.memory().numTensors).toBe(empty);
    expect(() => model.loss(STORIES)).toThrow(expect.objectContaining({ code: 'DISPOSED' }));
    await expect(model.answer(STORIES)).rejects.toMatchObject({ code: 'DISPOSED' });
  });

  it('answers a story alone as among others, and the same after it was saved', async () => {
    await useEngine(CPU);
    const model = createMemoryNetwork(config);
    stir(model);
    const together = await model.answer(STORIES);
    for (const [n, one] of STORIES.entries()) {
      const [alone] = await model.answer([one]);
      expect(alone!.answer).toEqual(together[n].answer);
      alone!.candidates.forEach(({ probability }, i) => {
        expect(probability).toBeCloseTo(together[n].candidates[i].probability, 6);
      });
      alone!.weights?.forEach((row, hop) =>
        expect(greatestDifference(row, together[n].weights![hop])).toBeLessThan(1e-6),
      );
    }
    const loaded = decodeModel(encodeModel(model), { networks: [memory] });
    expect(loaded.config).toEqual(config);
    expect(await loaded.answer(STORIES)).toEqual(together);
    loaded.dispose();
    model.dispose();
  });
});

describe('a memory network', () => {
  beforeEach(() => useEngine(CPU));

  it('knows names by their places alone: others in their stead are answered alike', async () => {
    const model = createMemoryNetwork(tinyConfig());
    stir(model);
    const others = new Map([
      ['Ann', 'Zoe'],
      ['attic', 'Winter Garden'],
      ['cellar', 'x'],
    ]);
    const renamed = (sentence: readonly string[]): string[] => sentence.map((word) => others.get(word) ?? word);
    const [first] = STORIES as [AnsweredStory];
    const twin = { facts: first.facts.map(renamed), question: renamed(first.question) };
    const [ours, theirs] = await model.answer([first, twin]);
    expect(theirs!.candidates.map(({ probability }) => probability)).toEqual(
      ours!.candidates.map(({ probability }) => probability),
    );
    expect(theirs!.candidates.map(({ answer }) => answer)).toEqual(
      renamed(ours!.candidates.map(({ answer }) => answer)),
    );
    model.dispose();
  });

  it('learns whom to follow, on names that it never saw', async () => {
    const places = ['attic', 'cellar', 'den'];
    const stories = Array.from({ length: 300 }, (_, n) => {
      const facts = [n, n + 1, n + 2].map((k, i) => [`p${(k * 7) % 3}`, 'in', places[(n * 5 + i * i + k) % 3]]);
      const who = facts[n % 3][0];
      const last = facts.findLastIndex(([name]) => name === who);
      return { facts, question: ['where', 'is', who], answer: [facts[last][2]], supports: [last] };
    });
    const model = createMemoryNetwork(tinyConfig({ embeddingWidth: 12, units: 16, hops: 1, supportWeight: 0 }));
    const training = {
      seed: 1,
      steps: 500,
      batchSize: 16,
      learningRate: 0.01,
      warmupSteps: 20,
      schedule: 'cosine',
      clipNorm: 5,
      labelSmoothing: 0,
      evaluateEvery: 1000,
      validationExamples: 0,
      patience: 0,
    } as const;
    await createTrainer(memory, model, { train: stories, validation: [] }, training).run();
    const renamed = ({ facts, question, ...rest }: (typeof stories)[number]) => ({
      ...rest,
      facts: facts.map((fact) => fact.map((word) => word.replace('p', 'Q'))),
      question: question.map((word) => word.replace('p', 'Q')),
    });
    const unseen = stories.map(renamed);
    const { error, figures } = await memory.validate(model, unseen);
    expect(error).toBeLessThan(0.1);
    expect(figures).toEqual({ errorRate: error });
    const answers = await model.answer(unseen);
    const found = answers.filter(({ weights }, n) => {
      const row = weights![0];
      return row.indexOf(Math.max(...row)) === unseen[n].supports[0];
    });
    expect(found.length / unseen.length).toBeGreaterThan(0.8);
    model.dispose();
  });

  it('numbers names at random in training, the same at the same step', () => {
    const model = createMemoryNetwork(tinyConfig({ dropout: 0.5 }));
    const lossAt = (step: number): number =>
      tf.tidy(() => model.loss(STORIES, { dropout: { seed: 1, step } }).dataSync()[0]);
    expect(lossAt(1)).toBe(lossAt(1));
    expect(lossAt(1)).not.toBe(lossAt(2));
    model.dispose();
  });

  it('reads a list of as many words as share the probability', async () => {
    expect(isSameAnswer(['coin', 'map'], ['map', 'coin'])).toBe(true);
    expect(isSameAnswer(['coin'], ['map', 'coin'])).toBe(false);
    const model = createMemoryNetwork(tinyConfig());
    for (const { answer, candidates } of await model.answer(STORIES)) {
      const [best] = candidates;
      const close = candidates.filter(({ probability }) => probability >= best!.probability / 2);
      const isClass = model.config.classes.includes(best!.answer);
      expect(answer).toEqual(
        isClass
          ? [best!.answer]
          : close
              .map((one) => one.answer)
              .filter((one) => !model.config.classes.includes(one))
              .toSorted(),
      );
    }
    model.dispose();
  });

  it.each([
    [{ facts: [], question: ['where'] }, 'the number of facts is 0'],
    [{ facts: Array.from({ length: 6 }, () => ['Ann']), question: ['where'] }, 'the number of facts is 6'],
    [{ facts: [['Ann', 'in', 'the', 'den']], question: ['where'] }, 'words of fact 1 is 4'],
    [{ facts: [['Ann']], question: [] }, 'words of the question is 0'],
    [
      {
        facts: [
          ['a', 'b', 'c'],
          ['d', 'e', 'f'],
        ],
        question: ['g'],
      },
      'different names is 7',
    ],
  ])('refuses %j before any work', async (wrong, message) => {
    const model = createMemoryNetwork(tinyConfig());
    const before = tf.memory().numTensors;
    await expect(model.answer([STORIES[0], wrong])).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining(message),
    });
    expect(() => model.loss([{ ...wrong, answer: ['yes'], supports: [] }])).toThrow(message);
    expect(() => model.loss([])).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    expect(() => model.loss([{ ...STORIES[0], answer: ['elsewhere'] }])).toThrow('is no name of the story');
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  it('says when its parameters are broken', async () => {
    const model = createMemoryNetwork(tinyConfig());
    const bias = model.parameters['answers/classes/bias'];
    tf.tidy(() => bias.assign(tf.fill(bias.shape, Number.NaN)));
    const before = tf.memory().numTensors;
    await expect(model.answer(STORIES)).rejects.toMatchObject({ code: 'NOT_FINITE' });
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  it.each([
    [{ units: 0 }, 'units'],
    [{ facts: 1e9 }, 'facts'],
    [{ hops: 17 }, 'hops'],
    [{ classes: ['a', 'a'] }, 'classes'],
    [{ supportWeight: Infinity }, 'supportWeight'],
    [{ attention: { kind: 'psychic' } as never }, 'attention'],
    [{ attention: { kind: 'dot', units: 3 } as never }, 'attention'],
    [{ surprise: 1 } as never, 'surprise'],
  ])('refuses the configuration %j', (changes, message) => {
    const before = tf.memory().numTensors;
    const make = (): unknown => createMemoryNetwork(tinyConfig(changes));
    expect(make).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    expect(make).toThrow(message);
    expect(tf.memory().numTensors).toBe(before);
  });
});
