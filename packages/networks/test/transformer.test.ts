import * as tf from '@tensorflow/tfjs';
import { beforeEach, describe, expect, it } from 'vitest';
import { canReplay } from '@heed/core';
import { addResidual, layerNorm, rectifiedLayer } from '@heed/core/model-ops';
import { decodeModel, encodeModel } from '@heed/nn';
import { createTrainer } from '@heed/nn';
import { transformer } from '../src/transformer/kind.js';
import { createTransformer } from '../src/transformer/transformer.js';
import { COMPOSED, CPU, WASM, evaluateOp, greatestDifference, useEngine, values } from '../../nn/test/engines.js';
import { stir } from './graphs.js';
import { reversed, symbols } from './models.js';
import { TRANSFORMERS as VARIANTS, tinyTransformer as tiny } from './transformers.js';
import { teacherForced } from './transformer-oracle.js';

const WORDS = ['abc', 'd', 'ddcbaab', 'ba', 'cabdabcd'];
const PAIRS = WORDS.map((word) => ({ source: symbols(word), target: reversed(word) }));
const numbers = (text: readonly string[], alphabet: string): number[] =>
  text.map((symbol) => alphabet.indexOf(symbol) + 1);

type T1 = tf.Tensor1D;
type T2 = tf.Tensor2D;

describe('ops', () => {
  const OPS: readonly (readonly [string, (...inputs: never[]) => tf.Tensor, readonly (readonly number[])[]])[] = [
    ['layerNorm', (x: T2, gain: T1, bias: T1) => layerNorm(x, gain, bias), [[3, 6], [6], [6]]],
    ['rectifiedLayer', (x: T2, bias: T1) => rectifiedLayer(x, bias), [[3, 6], [6]]],
    ['addResidual', (x: T2, y: T2, bias: T1) => addResidual(x, y, bias), [[3, 6], [3, 6], [6]]],
  ];
  it.each(OPS)('%s: the loop equals what is composed of ops, gradients too', async (_, op, shapes) => {
    const composed = await evaluateOp(COMPOSED, op, shapes);
    for (const engine of [CPU, WASM] as const) {
      const { output, gradients } = await evaluateOp(engine, op, shapes);
      expect(greatestDifference(output, composed.output), engine).toBeLessThan(1e-6);
      gradients.forEach((gradient, i) => {
        expect(gradient.some((value) => value !== 0)).toBe(true);
        expect(greatestDifference(gradient, composed.gradients[i]), engine).toBeLessThan(2e-6);
      });
    }
  });

  it('layerNorm of equal values is the bias', async () => {
    await useEngine(CPU);
    const norm = layerNorm(tf.fill([1, 4], 3), tf.ones([4]), tf.tensor1d([1, 2, 3, 4]));
    expect(Array.from(norm.dataSync())).toEqual([1, 2, 3, 4]);
    norm.dispose();
  });
});

describe.each(VARIANTS)('%s', (_, config) => {
  beforeEach(() => useEngine(CPU));

  if (!config.copying) {
    it('follows the equations of the paper, step by step with its cache too', async () => {
      const model = createTransformer(config);
      stir(model);
      const table = Object.fromEntries(
        Object.entries(model.parameters).map(([key, variable]) => [
          key,
          { shape: variable.shape as number[], data: variable.dataSync<'float32'>() },
        ]),
      );
      const { logits, weights } = model.teach(PAIRS);
      const [scores, looks] = [logits.arraySync(), weights!.arraySync()];
      tf.dispose([logits, weights!]);
      let total = 0;
      let count = 0;
      PAIRS.forEach(({ source, target }, b) => {
        const [from, to] = [numbers(source, 'abcd'), numbers(target, 'ABCD')];
        teacherForced(config, table, from, to).forEach((step, t) => {
          const normaliser = Math.log(scores[b][t].reduce((sum, score) => sum + Math.exp(score), 0));
          const logProbabilities = scores[b][t].map((score) => score - normaliser);
          expect(greatestDifference(logProbabilities, step.logProbabilities)).toBeLessThan(2e-5);
          expect(greatestDifference(looks[b][t].slice(0, from.length), step.weights)).toBeLessThan(1e-5);
          total -= step.logProbabilities[to[t] ?? 0];
          count++;
        });
      });
      const loss = model.loss(PAIRS);
      expect(loss.dataSync()[0]).toBeCloseTo(total / count, 4);
      loss.dispose();

      const beams = await model.beam(WORDS.map(symbols), { width: 3, maxLength: 6 });
      for (const [n, hypotheses] of beams.entries()) {
        for (const hypothesis of hypotheses) {
          const output = numbers(hypothesis.output, 'ABCD');
          const steps = teacherForced(config, table, numbers(symbols(WORDS[n]), 'abcd'), output);
          hypothesis.tokenLogProbabilities.forEach((logProbability, t) => {
            expect(logProbability).toBeCloseTo(steps[t].logProbabilities[output[t] ?? 0], 4);
          });
          hypothesis.weights!.forEach((row, t) => expect(greatestDifference(row, steps[t].weights)).toBeLessThan(1e-5));
        }
      }
      model.dispose();
    });
  }

  it('decodes with its cache what it gives when told all at once', async () => {
    for (const engine of [CPU, WASM] as const) {
      await useEngine(engine);
      const model = createTransformer(config);
      stir(model);
      const found = await model.beam(WORDS.map(symbols), { width: 2, maxLength: 7 });
      for (const [n, hypotheses] of found.entries()) {
        for (const { output, logProbability, finished } of hypotheses) {
          const loss = model.loss([{ source: symbols(WORDS[n]), target: output }]);
          const all = -loss.dataSync()[0] * (output.length + 1);
          loss.dispose();
          if (finished) expect(logProbability).toBeCloseTo(all, 4);
          else expect(logProbability).toBeGreaterThan(all);
        }
      }
      model.dispose();
    }
  });

  it('has the gradient of its central differences, on every parameter', () => {
    const model = createTransformer({ ...config, encoderLayers: 1, decoderLayers: 1 });
    const entries = Object.entries(model.parameters);
    // Far from the kink of the rectifier, over which a difference may reach; its gradient is compared above.
    for (const [key, variable] of entries) {
      if (key.endsWith('feed_forward/bias')) tf.tidy(() => variable.assign(tf.fill(variable.shape, 4)));
    }
    const pairs = PAIRS.slice(0, 2);
    const { value, grads } = tf.variableGrads(
      () => model.loss(pairs, { labelSmoothing: 0.1 }),
      entries.map(([, variable]) => variable),
    );
    value.dispose();
    for (const [key, variable] of entries) {
      const gradient = grads[variable.name].dataSync<'float32'>();
      expect([key, gradient.some((g) => g !== 0)]).toEqual([key, true]);
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
          return model.loss(pairs, { labelSmoothing: 0.1 }).dataSync()[0];
        });
      const difference = (lossAt(0.002) - lossAt(-0.002)) / 0.004;
      tf.tidy(() => variable.assign(tf.tensor(start, variable.shape)));
      const along = gradient.reduce((sum, g, n) => sum + g * direction[n], 0);
      expect([key, along]).toEqual([key, expect.closeTo(difference, 3)]);
    }
    tf.dispose(grads);
    model.dispose();
  });

  it('gives the same on every engine, and leaks nothing', async () => {
    const results: { loss: number; gradients: number[][]; outputs: unknown }[] = [];
    for (const engine of [CPU, COMPOSED, WASM] as const) {
      await useEngine(engine);
      const empty = tf.memory().numTensors;
      const model = createTransformer({ ...config, dropout: 0.2 });
      const full = tf.memory().numTensors;
      const variables = Object.values(model.parameters);
      const dropout = { seed: 1, step: 1 };
      const { value, grads } = tf.variableGrads(() => model.loss(PAIRS, { dropout }), variables);
      const search = async () => {
        const found = await model.beam(WORDS.map(symbols), { width: 2 });
        const [greedy] = await model.greedy([symbols('cab')]);
        const seen: (string | undefined)[] = [];
        for await (const step of model.watch(symbols('cab'))) seen.push(step.symbol);
        expect(seen.filter((symbol) => symbol !== undefined)).toEqual(greedy!.output);
        return found;
      };
      const hypotheses = await search();
      const { logits, weights } = model.teach(PAIRS);
      tf.dispose([logits, weights!]);
      results.push({
        loss: value.dataSync()[0],
        gradients: variables.map(({ name }) => Array.from(grads[name].dataSync())),
        outputs: hypotheses.map((nBest) => nBest.map(({ output }) => output)),
      });
      tf.dispose([value, grads]);
      // What was recorded waits, with its caches, for the next search.
      const waiting = tf.memory().numTensors;
      if (!canReplay()) expect(waiting).toBe(full);
      await search();
      expect(tf.memory().numTensors).toBe(waiting);
      model.dispose();
      model.dispose();
      expect(tf.memory().numTensors).toBe(empty);
    }
    for (const result of results.slice(1)) {
      expect(result.loss).toBeCloseTo(results[0].loss, 5);
      result.gradients.forEach((g, i) => expect(greatestDifference(g, results[0].gradients[i])).toBeLessThan(2e-5));
      expect(result.outputs).toEqual(results[0].outputs);
    }
  });

  it('gives each source the same whatever stands beside it', async () => {
    const model = createTransformer(config);
    stir(model);
    const together = await model.greedy(WORDS.map(symbols));
    for (const [n, word] of WORDS.entries()) {
      const [alone] = await model.greedy([symbols(word)]);
      expect(alone!.output).toEqual(together[n].output);
      expect(alone!.logProbability).toBeCloseTo(together[n].logProbability, 5);
    }
    const beams = await model.beam(WORDS.map(symbols), { width: 1 });
    expect(beams.map(([best]) => best)).toEqual(together);
    model.dispose();
  });

  it('is the same after it was written and read', async () => {
    const model = createTransformer(config);
    const again = decodeModel(encodeModel(model), { networks: [transformer] });
    expect(await again.greedy(WORDS.map(symbols))).toEqual(await model.greedy(WORDS.map(symbols)));
    again.dispose();
    model.dispose();
  });
});

describe('a transformer', () => {
  it('learns to write a word in capitals, last letter first, on wasm', async () => {
    await useEngine(WASM);
    const model = createTransformer(
      tiny({ width: 32, heads: 4, feedForwardWidth: 64, encoderLayers: 1, decoderLayers: 1 }),
    );
    const words = Array.from({ length: 256 }, (_, n) =>
      Array.from({ length: 2 + (n % 3) }, (_, i) => 'abcd'[(n >> (2 * i)) & 3]),
    );
    const train = words.map((source) => ({ source, targets: [reversed(source.join(''))] }));
    const trainer = createTrainer(
      transformer,
      model,
      { train, validation: [] },
      {
        steps: 150,
        batchSize: 32,
        learningRate: 0.005,
        warmupSteps: 20,
        schedule: 'cosine',
        clipNorm: 1,
        labelSmoothing: 0,
        evaluateEvery: 1000,
        validationExamples: 10,
        patience: 0,
        seed: 1,
      },
    );
    await trainer.run();
    const [first, second] = await model.greedy([symbols('dab'), symbols('abcd')]);
    expect(first!.output).toEqual(['B', 'A', 'D']);
    expect(second!.output).toEqual(['D', 'C', 'B', 'A']);
    model.dispose();
  });

  it.each([
    [{ width: 9 }, 'heads must divide'],
    [{ width: 6, positions: 'rotary' as const }, 'even'],
    [{ encoderLayers: 0 }, 'encoderLayers'],
    [{ width: 1e9 }, 'width'],
    [{ positions: 'learned' as never }, 'positions'],
    [{ surprise: 1 } as never, 'surprise'],
  ])('refuses the configuration %j', (changes, message) => {
    const before = tf.memory().numTensors;
    const make = (): unknown => createTransformer(tiny(changes));
    expect(make).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    expect(make).toThrow(message);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses bad input, and calls after dispose', async () => {
    await useEngine(CPU);
    const model = createTransformer(tiny());
    await expect(model.greedy([[]])).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(model.greedy([['é']])).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(() => model.loss([])).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    model.dispose();
    expect(() => model.loss(PAIRS)).toThrow(expect.objectContaining({ code: 'DISPOSED' }));
    await expect(model.greedy([['a']])).rejects.toMatchObject({ code: 'DISPOSED' });
  });
});
