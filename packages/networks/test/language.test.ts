import * as tf from '@tensorflow/tfjs';
import { afterEach, describe, expect, it } from 'vitest';
import { canReplay } from '@heed/core';
import { createLanguageModel, type LanguageModel } from '../src/language/language-model.js';
import { createTrainer, decodeModel, encodeModel } from '@heed/nn';
import { language } from '../src/language/kind.js';
import type { GeneratedSymbol, GenerateOptions } from '../src/language/generate.js';
import type { LanguageConfig } from '../src/language/config.js';
import type { TextSequence } from '../src/language/batch.js';
import {
  LANGUAGE_MODELS as VARIANTS,
  SYMBOLS,
  tinyLstm as lstm,
  tinyTransformerModel as transformer,
} from './language-models.js';
import { COMPOSED, CPU, WASM, greatestDifference, useEngine } from '../../nn/test/engines.js';

/** Kinds whose weights, as the variants have them, sum to less than 1: sinks and a difference of weights take from the sum. */
const TAKING = new Set(['multiHead', 'differential']);
/** Kinds whose weights are of either sign and sum to anything. */
const FREE = new Set(['retention', 'gatedDelta']);

const text = (written: string, more: Partial<TextSequence> = {}): TextSequence => ({ symbols: [...written], ...more });
const TEXTS = [text('abcdeabc'), text('deca', { ends: false }), text('eebbda', { context: 3 })];

const models: LanguageModel[] = [];
function create(...args: Parameters<typeof createLanguageModel>): LanguageModel {
  const model = createLanguageModel(...args);
  models.push(model);
  return model;
}
afterEach(() => {
  for (const model of models.splice(0)) model.dispose();
});

async function written(model: LanguageModel, prompt: string, options: GenerateOptions) {
  const steps = [];
  for await (const step of model.generate([...prompt], options)) steps.push(step);
  return {
    text: steps.map(({ symbol }) => symbol ?? '⊣').join(''),
    logProbabilities: steps.map((step) => step.logProbability),
  };
}

function gradientsOf(model: LanguageModel): Record<string, Float32Array> {
  const entries = Object.entries(model.parameters);
  const { value, grads } = tf.variableGrads(
    () => model.loss(TEXTS),
    entries.map(([, variable]) => variable),
  );
  const result = Object.fromEntries(entries.map(([key, { name }]) => [key, Float32Array.from(grads[name].dataSync())]));
  tf.dispose([value, grads]);
  return result;
}

async function lossOf(model: LanguageModel): Promise<number> {
  const loss = model.loss(TEXTS);
  const [value] = await loss.data();
  loss.dispose();
  return value!;
}

describe.each(VARIANTS)('%s', (_, config) => {
  it('has the gradients of its loss, on every engine', async () => {
    await useEngine(CPU);
    const model = create(config);
    const host = gradientsOf(model);
    // A direction through all parameters at once, and the slope along it.
    const direction = Object.entries(host).map(([key, { length }], i) => {
      const values = Float32Array.from({ length }, (_, n) => Math.sin(n * 1.7 + i));
      return [model.parameters[key], values] as const;
    });
    const slope = Object.values(host).reduce(
      (sum, gradient, i) => sum + gradient.reduce((part, g, n) => part + g * direction[i][1][n], 0),
      0,
    );
    const at = async (step: number): Promise<number> => {
      const before = direction.map(([variable]) => variable.clone());
      for (const [variable, values] of direction) {
        tf.tidy(() => variable.assign(tf.add(variable, tf.mul(tf.tensor(values, variable.shape), step))));
      }
      const loss = await lossOf(model);
      direction.forEach(([variable], i) => variable.assign(before[i]));
      tf.dispose(before);
      return loss;
    };
    const step = 2e-3;
    expect((await at(step)) - (await at(-step))).toBeCloseTo(2 * step * slope, 4);
    expect(Math.abs(slope)).toBeGreaterThan(0.01);

    for (const engine of [COMPOSED, WASM] as const) {
      await useEngine(engine);
      const other = gradientsOf(create(config));
      for (const [key, gradient] of Object.entries(host)) {
        expect(greatestDifference(gradient, other[key]), `${key} on ${engine}`).toBeLessThan(5e-6);
      }
    }
  });

  it('gives a text the same whatever stands beside or behind it', async () => {
    await useEngine(WASM);
    const model = create(config);
    const together = await model.surprisal(TEXTS);
    expect(together.map(({ length }) => length)).toEqual([9, 4, 4]);
    for (const [n, one] of TEXTS.entries()) {
      const [alone] = await model.surprisal([one]);
      expect(greatestDifference(alone!, together[n])).toBeLessThan(1e-6);
    }
    const [long, short] = await model.surprisal([text('abcde', { ends: false }), text('abc', { ends: false })]);
    expect(greatestDifference(long!.slice(0, 3), short!)).toBeLessThan(1e-6);
    const total = together.reduce((sum, each) => sum + each.reduce((part, value) => part + value, 0), 0);
    expect(await lossOf(model)).toBeCloseTo(total / 17, 5);
  });

  it('writes the same from its cache as when it reads all again, on every engine', async () => {
    const options = { length: 24, seed: 9, temperature: 1.2 };
    const results: Awaited<ReturnType<typeof written>>[] = [];
    for (const engine of [CPU, WASM] as const) {
      await useEngine(engine);
      const empty = tf.memory().numTensors;
      const model = create(config);
      const before = tf.memory().numTensors;
      const write = async (cache: boolean) => results.push(await written(model, 'abcda', { ...options, cache }));
      for (const cache of [true, false]) await write(cache);
      // What was recorded waits, with its memories, for the next text.
      const waiting = tf.memory().numTensors;
      if (!canReplay()) expect(waiting).toBe(before);
      await write(true);
      expect(tf.memory().numTensors).toBe(waiting);
      model.dispose();
      expect(tf.memory().numTensors).toBe(empty);
    }
    for (const other of results.slice(1)) {
      expect(other.text).toBe(results[0].text);
      expect(greatestDifference(other.logProbabilities, results[0].logProbabilities)).toBeLessThan(2e-5);
    }
    // What it said while writing is what it says of what it wrote.
    const model = create(config);
    const [first] = results;
    const ends = first!.text.endsWith('⊣');
    const [surprisal] = await model.surprisal([text(`abcda${first!.text.replace('⊣', '')}`, { context: 5, ends })]);
    expect(
      greatestDifference(
        surprisal!,
        first!.logProbabilities.map((value) => -value),
      ),
    ).toBeLessThan(2e-5);
  });

  it('is the same after it was saved and loaded', async () => {
    await useEngine(WASM);
    const model = create(config);
    const loaded = decodeModel(encodeModel(model), { networks: [language] });
    models.push(loaded);
    expect(loaded.config).toEqual(config);
    expect(await loaded.surprisal(TEXTS)).toEqual(await model.surprisal(TEXTS));
  });

  it('shows what it looked at', async () => {
    await useEngine(WASM);
    const model = create(config);
    const before = tf.memory().numTensors;
    const layers = await model.observe([...'abcdeab']);
    expect(tf.memory().numTensors).toBe(before);
    const isTransformer = config.architecture === 'transformer';
    if (!isTransformer && config.attention.kind === 'none') return expect(layers).toEqual([]);
    expect(layers).toHaveLength(isTransformer ? 2 : 1);
    for (const rows of layers.flat()) {
      expect(rows.map(({ length }) => length)).toEqual([1, 2, 3, 4, 5, 6, 7]);
      rows.forEach((row, t) => {
        const total = row.reduce((sum, weight) => sum + weight, 0);
        // An LSTM's first place has nothing to look at, and none looks at itself.
        const kind = config.attention?.kind ?? '';
        if (isTransformer && TAKING.has(kind)) expect(total).toBeLessThan(1);
        else if (!FREE.has(kind)) expect(total).toBeCloseTo(isTransformer || t > 0 ? 1 : 0, 5);
        if (!isTransformer) expect(row[t]).toBe(0);
        const far = row.slice(0, Math.max(0, t + (isTransformer ? 1 : 0) - config.window));
        expect(far.every((weight) => weight === 0)).toBe(true);
        if (isTransformer || t > 0)
          expect(row.some((weight) => (FREE.has(kind) ? weight !== 0 : weight > 0))).toBe(true);
      });
    }
  });
});

describe('training', () => {
  const training = {
    seed: 1,
    steps: 100,
    batchSize: 25,
    learningRate: 0.03,
    warmupSteps: 10,
    schedule: 'cosine',
    clipNorm: 1,
    labelSmoothing: 0,
    evaluateEvery: 100,
    validationExamples: 25,
    patience: 0,
  } as const;
  /** Two letters, and then the first again: who can look back knows the third. */
  const examples = SYMBOLS.flatMap((a) => SYMBOLS.map((b) => text(`${a}${b}${a}`)));

  it.each([
    ['transformer', transformer({ width: 16, feedForwardWidth: 16 })],
    ['LSTM', lstm({ embeddingWidth: 8, units: 24, outputUnits: 16 })],
    ['LSTM with attention', lstm({ embeddingWidth: 8, units: 24, outputUnits: 16, attention: { kind: 'general' } })],
  ] as const)('%s learns to copy', async (_, config) => {
    await useEngine(WASM);
    const model = create(config);
    const { best } = await createTrainer(language, model, { train: examples, validation: examples }, training).run();
    // Two letters are any of five; the copy and the end are certain: 2·log₂ 5 / 4 bits.
    const least = Math.log2(5) / 2;
    expect(best!.figures['bitsPerCharacter']).toBeGreaterThan(least - 0.01);
    expect(best!.figures['bitsPerCharacter']).toBeLessThan(least + 0.05);
    expect(best!.figures['perplexity']).toBeCloseTo(2 ** best!.error, 6);
    expect((await written(model, 'db', { temperature: 0 })).text).toBe('d⊣');
  });
});

describe('dropout', () => {
  it.each([
    ['transformer', transformer({ dropout: 0.3 })],
    ['LSTM', lstm({ layers: 2, dropout: 0.3 })],
  ] as const)('of a %s is for training, and depends on seed and step alone', async (_, config) => {
    await useEngine(WASM);
    const model = create(config);
    const loss = async (dropout?: { seed: number; step: number }) => {
      const scalar = model.loss(TEXTS, dropout && { dropout });
      const [value] = await scalar.data();
      scalar.dispose();
      return value;
    };
    const first = await loss({ seed: 1, step: 1 });
    expect(await loss({ seed: 1, step: 1 })).toBe(first);
    for (const other of [undefined, { seed: 1, step: 2 }, { seed: 2, step: 1 }])
      expect(await loss(other)).not.toBe(first);
  });
});

describe('what it refuses', () => {
  it.each([
    [{ ...transformer(), heads: 3 }],
    [{ ...transformer(), width: 6, heads: 2 }],
    [{ ...transformer(), layers: 1e9 }],
    [{ ...transformer(), window: 0 }],
    [{ ...transformer(), units: 3 }],
    [{ ...lstm(), units: -1 }],
    [{ ...lstm(), architecture: 'rnn' }],
    [{ ...lstm(), attention: { kind: 'general', speed: 1 } }],
    [{ ...lstm(), attention: { kind: 'coverage', units: 3 } }],
    [{ ...lstm(), symbols: ['a', 'a'] }],
  ])('configuration %#', async (config) => {
    await useEngine(WASM);
    const before = tf.memory().numTensors;
    expect(() => create(config as LanguageConfig)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    expect(tf.memory().numTensors).toBe(before);
  });

  it('texts, options and calls', async () => {
    await useEngine(WASM);
    const model = create(lstm());
    const invalid = expect.objectContaining({ code: 'INVALID_ARGUMENT' });
    expect(() => model.loss([])).toThrow(invalid);
    expect(() => model.loss([text('', { ends: false })])).toThrow(invalid);
    expect(() => model.loss([text('ab', { context: 2, ends: false })])).toThrow(invalid);
    expect(() => model.loss([text('abx')])).toThrow(invalid);
    for (const options of [
      { length: -1 },
      { temperature: -1 },
      { topK: 0 },
      { topP: 0 },
      { topP: 1.1 },
      { seed: 0.5 },
    ]) {
      await expect(model.generate([], options).next()).rejects.toThrow(invalid);
    }
    await expect(model.generate(['x']).next()).rejects.toThrow(invalid);
    model.dispose();
    model.dispose();
    await expect(model.surprisal(TEXTS)).rejects.toThrow(expect.objectContaining({ code: 'DISPOSED' }));
  });

  it('says that it was disposed while it wrote', async () => {
    for (let seed = 1; ; seed++) {
      const model = createLanguageModel(VARIANTS[0][1]);
      const writing = model.generate(['a'], { length: 5, seed });
      const { value } = await writing.next();
      model.dispose();
      if ((value as GeneratedSymbol).symbol === undefined) continue; // at its end already
      await expect(writing.next()).rejects.toMatchObject({ code: 'DISPOSED' });
      return;
    }
  });

  it('leaves nothing behind when a caller stops listening', async () => {
    await useEngine(WASM);
    const empty = tf.memory().numTensors;
    const model = create(transformer());
    const listen = async () => {
      for await (const { symbol } of model.generate([...'abc'], { length: 100 })) if (symbol !== '') break;
      return tf.memory().numTensors;
    };
    const waiting = await listen();
    expect(await listen()).toBe(waiting);
    const other = create(transformer());
    const writing = other.generate([...'abc'], { length: 100 });
    await writing.next();
    other.dispose();
    await writing.return(undefined);
    expect((await written(model, '', { length: 50, seed: 2, stop: ['c'] })).text.slice(0, -1)).not.toContain('c');
    model.dispose();
    expect(tf.memory().numTensors).toBe(empty);
  });
});
