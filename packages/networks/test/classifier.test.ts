import * as tf from '@tensorflow/tfjs';
import { beforeEach, describe, expect, it } from 'vitest';
import { createClassifier, type Classifier, type LabelledText } from '../src/classifier/classifier.js';
import type { ClassifierConfig } from '../src/classifier/config.js';
import { classifier } from '../src/classifier/kind.js';
import { bucketsOf } from '../src/classifier/word-parts.js';
import { decodeModel, encodeModel } from '@heed/nn';
import { createTrainer } from '@heed/nn';
import { CLASSIFIERS as VARIANTS, recurrent, tinyClassifier as tinyConfig } from './classifiers.js';
import { stir } from './graphs.js';
import { COMPOSED, CPU, WASM, greatestDifference, useEngine, values } from '../../nn/test/engines.js';

const TEXTS = [
  { sentences: [['good', 'very', 'good', 'unheard']], label: 'yes' },
  { sentences: [['bad'], ['not', 'very', 'good'], ['the', 'bad']], label: 'no' },
  { sentences: [['the']], label: 'perhaps' },
  {
    sentences: [
      ['not', 'bad'],
      ['the', 'the', 'other', 'good', 'not'],
    ],
    label: 'yes',
  },
];

describe.each(VARIANTS)('%s', (_, config) => {
  it('has the gradient of its central differences, on every parameter', async () => {
    await useEngine(CPU);
    const model = createClassifier(config);
    stir(model);
    const lossNow = (): tf.Scalar => model.loss(TEXTS, { labelSmoothing: 0.1 });
    const entries = Object.entries(model.parameters);
    const { value, grads } = tf.variableGrads(
      lossNow,
      entries.map(([, variable]) => variable),
    );
    value.dispose();
    for (const [key, variable] of entries) {
      const gradient = grads[variable.name].dataSync<'float32'>();
      expect([key, gradient.some((g) => g !== 0)]).toEqual([key, true]);
      // Along a direction, so that the difference is well above what float32 rounds off.
      const direction = values(variable.size, key.length);
      const start = variable.dataSync<'float32'>().slice();
      const lossAt = (distance: number): number =>
        tf.tidy(() => {
          variable.assign(
            tf.tensor(
              start.map((x, n) => x + distance * direction[n]),
              variable.shape,
            ),
          );
          return lossNow().dataSync()[0];
        });
      const difference = (lossAt(0.002) - lossAt(-0.002)) / 0.004;
      lossAt(0);
      const along = gradient.reduce((sum, g, n) => sum + g * direction[n], 0);
      expect([key, along]).toEqual([key, expect.closeTo(difference, 3)]);
    }
    tf.dispose(grads);
    model.dispose();
  });

  it('gives the same loss, gradients and classes on other engines', async () => {
    const results: { loss: number; gradients: number[][]; classes: number[] }[] = [];
    for (const engine of [CPU, COMPOSED, WASM] as const) {
      await useEngine(engine);
      const model = createClassifier(config);
      stir(model);
      const variables = Object.values(model.parameters);
      const { value, grads } = tf.variableGrads(() => model.loss(TEXTS), variables);
      results.push({
        loss: value.dataSync()[0],
        gradients: variables.map(({ name }) => Array.from(grads[name].dataSync())),
        classes: (await model.classify(TEXTS)).flatMap(({ probabilities }) => probabilities),
      });
      tf.dispose([value, grads]);
      model.dispose();
    }
    const [host, ...others] = results;
    for (const other of others) {
      expect(other.loss).toBeCloseTo(host!.loss, 5);
      expect(greatestDifference(other.classes, host!.classes)).toBeLessThan(1e-5);
      other.gradients.forEach((gradient, i) => {
        expect(greatestDifference(gradient, host!.gradients[i])).toBeLessThan(1e-5);
      });
    }
  });

  it('tells of a text the same beside others, and weighs what the text has', async () => {
    await useEngine(CPU);
    const model = createClassifier(config);
    stir(model);
    const together = await model.classify(TEXTS);
    expect(await model.classify(TEXTS.toReversed())).toEqual(together.toReversed());
    for (const [n, text] of TEXTS.entries()) {
      const { label, probabilities, words, sentences } = together[n];
      const [alone] = await model.classify([text]);
      expect(greatestDifference(alone!.probabilities, probabilities)).toBeLessThan(1e-6);
      expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
      expect(probabilities[config.classes.indexOf(label)]).toBe(Math.max(...probabilities));
      if (config.pooling.kind !== 'attentive') {
        expect([words, sentences]).toEqual([undefined, undefined]);
        continue;
      }
      expect(words!.map(({ length }) => length)).toEqual(text.sentences.map(({ length }) => length));
      const sums = words!.map((row) => row.reduce((sum, weight) => sum + weight, 0));
      if (config.hierarchical) {
        for (const sum of sums) expect(sum).toBeCloseTo(1, 5);
        expect(sentences).toHaveLength(text.sentences.length);
        expect(sentences!.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
      } else {
        expect(sums.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 5);
        expect(sentences).toBeUndefined();
      }
      words!.forEach((row, s) => expect(greatestDifference(alone!.words![s], row)).toBeLessThan(1e-6));
    }
    model.dispose();
  });

  it('leaks nothing, and comes back from a file', async () => {
    await useEngine(CPU);
    const empty = tf.memory().numTensors;
    const model = createClassifier(config);
    stir(model);
    const full = tf.memory().numTensors;
    expect(full - empty).toBe(Object.keys(model.parameters).length);
    const { value, grads } = tf.variableGrads(() => model.loss(TEXTS), Object.values(model.parameters));
    tf.dispose([value, grads]);
    const found = await model.classify(TEXTS);
    expect(tf.memory().numTensors).toBe(full);
    const again = decodeModel(encodeModel(model), { networks: [classifier] });
    expect(again.config).toEqual(config);
    expect(await again.classify(TEXTS)).toEqual(found);
    again.dispose();
    model.dispose();
    model.dispose();
    expect(tf.memory().numTensors).toBe(empty);
    expect(() => model.loss(TEXTS)).toThrow(expect.objectContaining({ code: 'DISPOSED' }));
    await expect(model.classify(TEXTS)).rejects.toMatchObject({ code: 'DISPOSED' });
  });
});

describe('a classifier', () => {
  beforeEach(() => useEngine(CPU));

  it('refuses an example of a class that it does not have', async () => {
    const model = createClassifier(tinyConfig());
    const examples = [{ ...TEXTS[0], label: 'never' }];
    await expect(classifier.validate(model, examples)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    model.dispose();
  });

  it('reads a word of any length', async () => {
    const model = createClassifier(tinyConfig({ subwords: { buckets: 7, shortest: 2, longest: 3 } }));
    const [found] = await model.classify([{ sentences: [['x'.repeat(150_000)]] }]);
    expect(found!.probabilities.every(Number.isFinite)).toBe(true);
    model.dispose();
  });

  it('says that it was disposed while it worked', async () => {
    const model = createClassifier(tinyConfig());
    const working = model.classify(Array.from({ length: 200 }, () => TEXTS[0]));
    model.dispose();
    await expect(working).rejects.toMatchObject({ code: 'DISPOSED' });
  });

  it('is what Yang et al. write, over words', async () => {
    const model = createClassifier(tinyConfig({ encoder: { kind: 'none' }, hierarchical: true }));
    stir(model);
    const p = (key: string): number[][] => {
      const { shape } = model.parameters[key];
      const [rows, columns] = shape.length === 1 ? [1, shape[0]] : (shape as [number, number]);
      const data = model.parameters[key].dataSync();
      return Array.from({ length: rows }, (_, r) => Array.from(data.slice(r * columns, (r + 1) * columns)));
    };
    const product = (x: number[], kernel: number[][]): number[] =>
      kernel[0].map((_, c) => x.reduce((sum, value, r) => sum + value * kernel[r][c], 0));
    const attend = (vectors: number[][], key: string): { weights: number[]; sum: number[] } => {
      const scores = vectors.map((h) => {
        const u = product(h, p(`${key}/kernel`)).map((value, i) => Math.tanh(value + p(`${key}/bias`)[0][i]));
        return product(u, p(`${key}/vector`))[0];
      });
      const total = scores.reduce((sum, score) => sum + Math.exp(score), 0);
      const weights = scores.map((score) => Math.exp(score) / total);
      return { weights, sum: vectors[0].map((_, c) => weights.reduce((sum, w, n) => sum + w * vectors[n][c], 0)) };
    };
    const found = await model.classify(TEXTS);
    for (const [n, { sentences }] of TEXTS.entries()) {
      const read = sentences.map((words) =>
        attend(
          words.map((word) => p('words/embedding')[model.config.symbols.indexOf(word) + 1]),
          'words/attention',
        ),
      );
      const whole = attend(
        read.map(({ sum }) => sum),
        'sentences/attention',
      );
      const logits = product(whole.sum, p('output/kernel')).map((value, c) => value + p('output/bias')[0][c]);
      const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
      expect(
        greatestDifference(
          found[n].probabilities,
          logits.map((logit) => Math.exp(logit) / total),
        ),
      ).toBeLessThan(1e-5);
      expect(greatestDifference(found[n].sentences!, whole.weights)).toBeLessThan(1e-5);
      read.forEach(({ weights }, s) => expect(greatestDifference(found[n].words![s], weights)).toBeLessThan(1e-5));
    }
    model.dispose();
  });

  it('learns that “not” turns a word round', async () => {
    const filler = ['a', 'it', 'of', 'the'];
    const texts = Array.from({ length: 24 }, (_, n): LabelledText => {
      const isGood = n % 2 === 0;
      const isNegated = n % 4 < 2;
      // Neither the words around nor the place tell anything.
      const around = [0, 3, 6].map((i) => filler[((n >> 2) + i) % 4]);
      const words = [...(isNegated ? ['not'] : []), isGood ? 'good' : 'bad'];
      return { sentences: [around.toSpliced((n >> 2) % 3, 0, ...words)], label: isGood === isNegated ? 'no' : 'yes' };
    });
    const config = { symbols: ['bad', 'good', 'not', ...filler], classes: ['no', 'yes'], embeddingWidth: 8 };
    const model = createClassifier(tinyConfig({ ...config, encoder: { ...recurrent, units: 8 } }));
    const trainer = createTrainer(
      classifier,
      model,
      { train: texts, validation: texts },
      {
        seed: 1,
        steps: 120,
        batchSize: 12,
        learningRate: 0.03,
        warmupSteps: 5,
        schedule: 'linear',
        clipNorm: 5,
        labelSmoothing: 0,
        evaluateEvery: 120,
        validationExamples: 24,
        patience: 0,
      },
    );
    const { best } = await trainer.run();
    expect(best!.figures).toMatchObject({ accuracy: 1, macroF1: 1 });
    expect(best!.error).toBeLessThan(0.05);
    const found = await model.classify([
      { sentences: [['a', 'the', 'not', 'good', 'it', 'of']] },
      { sentences: [['a', 'the', 'good', 'it', 'of']] },
    ]);
    expect(found.map(({ label }) => label)).toEqual(['no', 'yes']);
    model.dispose();
  });

  it('has vectors of letters for words that it doesn’t know', async () => {
    const subwords = { buckets: 100_003, shortest: 3, longest: 4 };
    expect(bucketsOf('un', subwords)).toHaveLength(2 + 1); // <un, un>, <un>
    expect(bucketsOf('unkind', subwords).filter((b) => bucketsOf('unfair', subwords).includes(b))).toEqual([
      bucketsOf('unfair', subwords)[0],
    ]); // <un
    const tell = async (config: ClassifierConfig): Promise<boolean> => {
      const model = createClassifier(config);
      stir(model);
      const [x, y] = await model.classify([{ sentences: [['unkind']] }, { sentences: [['merry']] }]);
      model.dispose();
      return x!.probabilities[0] !== y!.probabilities[0];
    };
    expect(await tell(tinyConfig())).toBe(false);
    expect(await tell(tinyConfig({ subwords }))).toBe(true);
  });

  it('leaves out what dropout says, the same at the same step', () => {
    const model = createClassifier(tinyConfig({ dropout: 0.5, hierarchical: true }));
    const lossAt = (options: Parameters<Classifier['loss']>[1]): number =>
      tf.tidy(() => model.loss(TEXTS, options).dataSync()[0]);
    const first = lossAt({ dropout: { seed: 1, step: 1 } });
    expect(lossAt({ dropout: { seed: 1, step: 1 } })).toBe(first);
    expect(lossAt({ dropout: { seed: 1, step: 2 } })).not.toBe(first);
    expect(lossAt({})).not.toBe(first);
    model.dispose();
  });

  it('refuses bad texts before any work, and says when its parameters are broken', async () => {
    const model = createClassifier(tinyConfig());
    const before = tf.memory().numTensors;
    const invalid = { code: 'INVALID_ARGUMENT' };
    await expect(model.classify([{ sentences: [] }])).rejects.toMatchObject({
      ...invalid,
      message: /text 0 of 1 is empty/,
    });
    await expect(model.classify([TEXTS[0], { sentences: [['a'], []] }])).rejects.toMatchObject({
      ...invalid,
      message: /empty sentence/,
    });
    expect(await model.classify([])).toEqual([]);
    expect(() => model.loss([])).toThrow(expect.objectContaining(invalid));
    expect(() => model.loss([{ sentences: [['a']], label: 'maybe' }])).toThrow(/no class "maybe"/);
    tf.tidy(() => model.parameters['output/bias'].assign(tf.fill([3], Number.NaN)));
    await expect(model.classify(TEXTS)).rejects.toMatchObject({ code: 'NOT_FINITE' });
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  it.each([
    [{ embeddingWidth: 1e9 }, 'embeddingWidth'],
    [{ symbols: ['a', 'a'] }, 'symbols'],
    [{ classes: ['only'] }, 'classes'],
    [{ subwords: { buckets: 1e12, shortest: 1, longest: 2 } }, 'subwords.buckets'],
    [{ subwords: { buckets: 8, shortest: 4, longest: 3 } }, 'shortest'],
    [{ encoder: { kind: 'none' } as const, pooling: { kind: 'last' } as const }, "pooling 'last'"],
    [{ encoder: { ...recurrent, besideInput: true }, pooling: { kind: 'last' } as const }, "pooling 'last'"],
    [{ encoder: { kind: 'psychic' } as never }, 'encoder'],
    [{ pooling: { kind: 'attentive', units: 0 } as const }, 'pooling.units'],
    [{ dropout: 1 }, 'dropout'],
    [{ surprise: 1 } as never, 'surprise'],
  ])('refuses the configuration %j', (changes, message) => {
    const before = tf.memory().numTensors;
    const make = (): unknown => createClassifier(tinyConfig(changes));
    expect(make).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    expect(make).toThrow(message);
    expect(tf.memory().numTensors).toBe(before);
  });
});
