import * as tf from '@tensorflow/tfjs';
import { cpu } from '@heed/backend-cpu';
import { selectBackend, type AttentionBackend } from '@heed/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WatchedStep } from '../src/decoding/watch.js';
import type { Seq2SeqConfig } from '../src/recurrent/config.js';
import { createSeq2Seq, type Seq2Seq } from '../src/recurrent/seq2seq.js';
import { COMPOSED, CPU, greatestDifference, useEngine, values } from '../../nn/test/engines.js';
import { VARIANTS, reversed, symbols, tinyConfig } from './models.js';
import { teacherForced, type OracleParameters } from './oracle.js';

const WORDS = ['abc', 'd', 'ddcbaab', 'ba', 'cabdabcd'];
const PAIRS = WORDS.map((word) => ({ source: symbols(word), target: reversed(word) }));

const numbers = (text: readonly string[], alphabet: string): number[] =>
  text.map((symbol) => alphabet.indexOf(symbol) + 1);

/** Larger parameters than at the start, so that no gate or weight is near its middle. */
function stir(model: Seq2Seq): void {
  Object.values(model.parameters).forEach((variable, i) => {
    tf.tidy(() =>
      variable.assign(
        tf.tensor(
          values(variable.size, i).map((x) => 0.9 * x),
          variable.shape,
        ),
      ),
    );
  });
}

const oracleParameters = (model: Seq2Seq): OracleParameters =>
  Object.fromEntries(
    Object.entries(model.parameters).map(([key, variable]) => [
      key,
      { shape: variable.shape, data: variable.dataSync() },
    ]),
  );

describe('against the equations of the papers', () => {
  it.each(VARIANTS.slice(0, 4))('%s', async (_, config) => {
    await useEngine(CPU);
    const model = createSeq2Seq(config);
    stir(model);
    let total = 0;
    let count = 0;
    for (const { source, target } of PAIRS) {
      const ids = { source: numbers(source, 'abcd'), target: numbers(target, 'ABCD') };
      const steps = teacherForced(config, oracleParameters(model), ids.source, ids.target);
      [...ids.target, 0].forEach((id, t) => (total -= steps[t].logProbabilities[id]));
      count += steps.length;
    }
    const loss = model.loss(PAIRS);
    expect(loss.dataSync()[0]).toBeCloseTo(total / count, 5);
    loss.dispose();

    const { logits, weights } = model.teach(PAIRS);
    const [scores, looks] = [logits.arraySync(), weights!.arraySync()];
    tf.dispose([logits, weights!]);
    PAIRS.forEach(({ source, target }, b) => {
      const [from, to] = [numbers(source, 'abcd'), numbers(target, 'ABCD')];
      teacherForced(config, oracleParameters(model), from, to).forEach((step, t) => {
        const normaliser = Math.log(scores[b][t].reduce((sum, score) => sum + Math.exp(score), 0));
        const logProbabilities = scores[b][t].map((score) => score - normaliser);
        expect(greatestDifference(logProbabilities, step.logProbabilities)).toBeLessThan(1e-5);
        expect(greatestDifference(looks[b][t].slice(0, from.length), step.weights)).toBeLessThan(1e-5);
      });
    });

    for (const hypothesis of await model.greedy(WORDS.map(symbols))) {
      const n = WORDS.findIndex((word) => hypothesis.weights?.[0]?.length === word.length);
      const output = numbers(hypothesis.output, 'ABCD');
      const steps = teacherForced(config, oracleParameters(model), numbers(symbols(WORDS[n]), 'abcd'), output);
      hypothesis.tokenLogProbabilities.forEach((logProbability, t) => {
        expect(logProbability).toBeCloseTo(steps[t].logProbabilities[output[t] ?? 0], 5);
        expect(logProbability).toBeCloseTo(Math.max(...steps[t].logProbabilities), 5);
      });
      hypothesis.weights!.forEach((row, t) => expect(greatestDifference(row, steps[t].weights)).toBeLessThan(1e-5));
    }
    model.dispose();
  });
});

describe.each(VARIANTS)('%s', (_, config) => {
  it('has the gradient of its central differences, on every parameter', async () => {
    await useEngine(CPU);
    // Not maxout: a difference may reach over one of its kinks. Its gradient is compared below and in fused.test.ts.
    const model = createSeq2Seq({ ...config, output: 'tanh' });
    const entries = Object.entries(model.parameters);
    const { value, grads } = tf.variableGrads(
      () => model.loss(PAIRS, { labelSmoothing: 0.1 }),
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
          return model.loss(PAIRS, { labelSmoothing: 0.1 }).dataSync()[0];
        });
      const difference = (lossAt(0.002) - lossAt(-0.002)) / 0.004;
      lossAt(0);
      const along = gradient.reduce((sum, g, n) => sum + g * direction[n], 0);
      expect([key, along]).toEqual([key, expect.closeTo(difference, 3)]);
    }
    tf.dispose(grads);
    model.dispose();
  });

  it('gives the same on an engine that it has no loops for', async () => {
    const results: { loss: number; gradients: number[][]; outputs: unknown }[] = [];
    for (const engine of [CPU, COMPOSED] as const) {
      await useEngine(engine);
      const model = createSeq2Seq(config);
      const variables = Object.values(model.parameters);
      const { value, grads } = tf.variableGrads(() => model.loss(PAIRS), variables);
      const hypotheses = await model.beam(WORDS.map(symbols), { width: 2 });
      results.push({
        loss: value.dataSync()[0],
        gradients: variables.map(({ name }) => Array.from(grads[name].dataSync())),
        outputs: hypotheses.map((nBest) => nBest.map(({ output }) => output)),
      });
      tf.dispose([value, grads]);
      model.dispose();
    }
    const [host, composed] = results as [(typeof results)[0], (typeof results)[0]];
    expect(host.loss).toBeCloseTo(composed.loss, 5);
    host.gradients.forEach((gradient, i) => {
      expect(greatestDifference(gradient, composed.gradients[i])).toBeLessThan(1e-5);
    });
    expect(host.outputs).toEqual(composed.outputs);
  });

  it('differentiates the shortest of pairs, alone', async () => {
    for (const engine of [CPU, COMPOSED] as const) {
      await useEngine(engine);
      const model = createSeq2Seq(config);
      const shortest = [{ source: ['a'], target: [] }];
      const { value, grads } = tf.variableGrads(() => model.loss(shortest), Object.values(model.parameters));
      expect(Number.isFinite(value.dataSync()[0])).toBe(true);
      expect(grads[model.parameters['encoder/embedding'].name].dataSync().some((g) => g !== 0)).toBe(true);
      tf.dispose([value, grads]);
      model.dispose();
    }
  });

  it('leaks nothing', async () => {
    await useEngine(CPU);
    const empty = tf.memory().numTensors;
    const model = createSeq2Seq(config);
    const full = tf.memory().numTensors;
    expect(full - empty).toBe(Object.keys(model.parameters).length);
    for (let round = 0; round < 2; round++) {
      const { value, grads } = tf.variableGrads(() => model.loss(PAIRS), Object.values(model.parameters));
      tf.dispose([value, grads]);
      const { logits, weights } = model.teach(PAIRS);
      tf.dispose(weights === undefined ? logits : [logits, weights]);
      await model.greedy(WORDS.map(symbols));
      await model.beam(WORDS.map(symbols), { width: 3 });
      expect(tf.memory().numTensors).toBe(full);
    }
    model.dispose();
    model.dispose();
    expect(tf.memory().numTensors).toBe(empty);
    expect(() => model.loss(PAIRS)).toThrow(expect.objectContaining({ code: 'DISPOSED' }));
    expect(() => model.teach(PAIRS)).toThrow(expect.objectContaining({ code: 'DISPOSED' }));
    await expect(model.greedy([['a']])).rejects.toMatchObject({ code: 'DISPOSED' });
  });
});

describe('searches', () => {
  it.each([NaN, Infinity, -1, 2.5, '3'])('refuse a greatest length of %j', async (maxLength) => {
    const model = createSeq2Seq(tinyConfig());
    const options = { maxLength: maxLength as number };
    const invalid = { code: 'INVALID_ARGUMENT', message: expect.stringContaining('maxLength') };
    await expect(model.greedy([['a']], options)).rejects.toMatchObject(invalid);
    await expect(model.beam([['a']], options)).rejects.toMatchObject(invalid);
    await expect(model.watch(['a'], options).next()).rejects.toMatchObject(invalid);
    model.dispose();
  });

  it.each(['greedy', 'beam'] as const)('%s says that the model was disposed meanwhile', async (search) => {
    const model = createSeq2Seq(tinyConfig());
    const working = model[search](WORDS.map(symbols));
    model.dispose();
    await expect(working).rejects.toMatchObject({ code: 'DISPOSED' });
  });

  it('watch says so too', async () => {
    for (let seed = 1; ; seed++) {
      const model = createSeq2Seq(tinyConfig({ seed }));
      const steps = model.watch(['a', 'b']);
      const { value } = await steps.next();
      model.dispose();
      if ((value as WatchedStep).symbol === undefined) continue; // at its end already
      await expect(steps.next()).rejects.toMatchObject({ code: 'DISPOSED' });
      return;
    }
  });
});

it.each([{ alibi: {} }, { rotary: {} }, { relative: { reach: 2 } }])(
  'a recurrent model refuses attention by positions: %o',
  (positions) => {
    const attention = { kind: 'multiHead', heads: 2, ...positions } as Seq2SeqConfig['attention'];
    const before = tf.memory().numTensors;
    expect(() => createSeq2Seq(tinyConfig({ attention }))).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    expect(tf.memory().numTensors).toBe(before);
  },
);

it.each([1, 1.5, -0.1, NaN])('a loss refuses label smoothing of %d', (labelSmoothing) => {
  for (const changes of [{}, { copying: true }]) {
    const model = createSeq2Seq(tinyConfig(changes));
    const before = tf.memory().numTensors;
    expect(() => model.loss(PAIRS, { labelSmoothing })).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  }
});

describe.each([['TensorFlow.js cpu'], ['@heed/backend-cpu']])('on %s', (name) => {
  let backend: AttentionBackend | undefined;
  beforeAll(async () => {
    await useEngine(CPU);
    if (name === '@heed/backend-cpu') backend = await selectBackend(cpu());
  });
  beforeEach(() => useEngine(CPU));
  afterAll(() => backend?.dispose());

  it.each(VARIANTS)('%s: a word’s result doesn’t depend on the words beside it, to the bit', async (_, config) => {
    const model = createSeq2Seq(config);
    stir(model);
    const words = WORDS.map(symbols);
    const together = await model.greedy(words);
    const beams = await model.beam(words, { width: 3, lengthPenalty: 0.5 });
    for (const [n, word] of words.entries()) {
      expect(await model.greedy([word])).toEqual([together[n]]);
      expect(await model.beam([word], { width: 3, lengthPenalty: 0.5 })).toEqual([beams[n]]);
    }
    expect(await model.greedy(words.toReversed())).toEqual(together.toReversed());
    model.dispose();
  });

  it.each(VARIANTS)('%s: beam search of width 1 is greedy search, to the bit', async (_, config) => {
    const model = createSeq2Seq(config);
    stir(model);
    const beams = await model.beam(WORDS.map(symbols), { width: 1 });
    expect(beams.map(([best]) => best)).toEqual(await model.greedy(WORDS.map(symbols)));
    model.dispose();
  });
});

describe('a model', () => {
  beforeEach(() => useEngine(CPU));

  it('is made by its seed', () => {
    const firstOf = (seed: number): number[] => {
      const model = createSeq2Seq(tinyConfig({ seed }));
      const all = Object.values(model.parameters).flatMap((variable) => Array.from(variable.dataSync()));
      expect(all.every(Number.isFinite)).toBe(true);
      expect(all).toHaveLength(model.parameterCount);
      model.dispose();
      return all;
    };
    expect(firstOf(3)).toEqual(firstOf(3));
    expect(firstOf(3)).not.toEqual(firstOf(4));
  });

  it('attends with weights that sum to 1 over the source alone', async () => {
    const model = createSeq2Seq(tinyConfig());
    for (const [n, hypothesis] of (await model.greedy(WORDS.map(symbols))).entries()) {
      expect(hypothesis.weights).toHaveLength(hypothesis.output.length);
      for (const row of hypothesis.weights!) {
        expect(row).toHaveLength(WORDS[n].length);
        expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
      }
    }
    model.dispose();
  });

  it('leaves out what dropout says, the same at the same step', () => {
    const model = createSeq2Seq(tinyConfig({ dropout: 0.5 }));
    const lossAt = (options: Parameters<Seq2Seq['loss']>[1]): number =>
      tf.tidy(() => model.loss(PAIRS, options).dataSync()[0]);
    const first = lossAt({ dropout: { seed: 1, step: 1 } });
    expect(lossAt({ dropout: { seed: 1, step: 1 } })).toBe(first);
    expect(lossAt({ dropout: { seed: 1, step: 2 } })).not.toBe(first);
    expect(lossAt({ dropout: { seed: 2, step: 1 } })).not.toBe(first);
    expect(lossAt({})).not.toBe(first);
    model.dispose();
  });

  it('gives nothing for no sources', async () => {
    const model = createSeq2Seq(tinyConfig());
    expect(await model.greedy([])).toEqual([]);
    expect(await model.beam([])).toEqual([]);
    model.dispose();
  });

  it('refuses bad input before any work', async () => {
    const model = createSeq2Seq(tinyConfig());
    const before = tf.memory().numTensors;
    const invalid = { code: 'INVALID_ARGUMENT' };
    await expect(model.greedy([['a'], []])).rejects.toMatchObject({ ...invalid, message: /source 1 of 2 is empty/ });
    await expect(model.greedy([['é']])).rejects.toMatchObject({ ...invalid, message: /source symbol "é"/ });
    await expect(model.beam([['a']], { width: 0 })).rejects.toMatchObject(invalid);
    expect(() => model.loss([])).toThrow(expect.objectContaining(invalid));
    expect(() => model.teach([])).toThrow(expect.objectContaining(invalid));
    expect(() => model.loss([{ source: ['a'], target: ['?'] }])).toThrow(expect.objectContaining(invalid));
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  it('says when its parameters are broken', async () => {
    const model = createSeq2Seq(tinyConfig());
    const bias = model.parameters['output/bias'];
    tf.tidy(() => bias.assign(tf.fill(bias.shape, Number.NaN)));
    const before = tf.memory().numTensors;
    await expect(model.greedy([['a']])).rejects.toMatchObject({ code: 'NOT_FINITE' });
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  it.each([
    [{ encoderUnits: 0 }, 'CONFIG_INVALID', 'encoderUnits'],
    [{ encoderUnits: 1e9 }, 'CONFIG_INVALID', 'encoderUnits'],
    [{ sourceSymbols: [] }, 'CONFIG_INVALID', 'sourceSymbols'],
    [{ targetSymbols: ['A', 'A'] }, 'CONFIG_INVALID', 'targetSymbols'],
    [{ dropout: 1 }, 'CONFIG_INVALID', 'dropout'],
    [{ seed: -1 }, 'CONFIG_INVALID', 'seed'],
    [{ cell: 'rnn' as never }, 'CONFIG_INVALID', 'cell'],
    [{ architecture: 'luong' as const }, 'CONFIG_INVALID', "output 'tanh'"],
    [{ inputFeeding: true }, 'CONFIG_INVALID', 'inputFeeding'],
    [{ attention: { kind: 'dot' as const } }, 'CONFIG_INVALID', 'whose widths are 6 and 8'],
    [{ attention: { kind: 'additive', units: -1 } as const }, 'CONFIG_INVALID', 'units'],
    [{ attention: { kind: 'psychic' } as never }, 'UNKNOWN_NAME', 'psychic'],
    [{ surprise: 1 } as never, 'CONFIG_INVALID', 'surprise'],
  ])('refuses the configuration %j', (changes, code, message) => {
    const before = tf.memory().numTensors;
    const make = (): unknown => createSeq2Seq(tinyConfig(changes));
    expect(make).toThrow(expect.objectContaining({ code }));
    expect(make).toThrow(message);
    expect(tf.memory().numTensors).toBe(before);
  });
});
