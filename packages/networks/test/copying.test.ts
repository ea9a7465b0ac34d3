import * as tf from '@tensorflow/tfjs';
import { beforeEach, describe, expect, it } from 'vitest';
import { CopyTable } from '../../nn/src/layers/copy-table.js';
import { copyCrossEntropy, coverageLoss } from '@heed/core/model-ops';
import { Vocabulary } from '../../nn/src/layers/vocabulary.js';
import { createSeq2Seq, type Pair, type Seq2Seq } from '../src/recurrent/seq2seq.js';
import { createTrainer } from '@heed/nn';
import { recurrent } from '../src/recurrent/kind.js';
import { COMPOSED, CPU, WASM, evaluateOp, greatestDifference, useEngine, values } from '../../nn/test/engines.js';
import { VARIANTS, tinyConfig } from './models.js';
import { teacherForced } from './oracle.js';

const VOCABULARY = new Vocabulary('target', ['A', 'B', 'a', 'b']);
const SOURCES = [['a', 'c', 'a', 'd', 'c'], ['{0}'], ['b', 'a']];
const T2 = (tensor: tf.Tensor): tf.Tensor2D => tensor as tf.Tensor2D;

describe('CopyTable', () => {
  const copies = new CopyTable(SOURCES, VOCABULARY);

  it('numbers what is in the vocabulary as there, and the rest from V on', () => {
    expect([...copies.ids]).toEqual([3, 5, 3, 6, 5, 5, -1, -1, -1, -1, 4, 3, -1, -1, -1]);
    expect(copies.size).toBe(7);
    expect(copies.symbol(5, 0)).toBe('c');
    expect(copies.symbol(5, 1)).toBe('{0}');
    expect(copies.symbol(3, 1)).toBe('a');
  });

  it('refuses a target that is in neither', () => {
    expect(copies.encodeTarget(['A', '{0}', 'b'], 1)).toEqual([1, 5, 4]);
    const encode = () => copies.encodeTarget(['c'], 1);
    expect(encode).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(/"c"/) }),
    );
  });
});

describe('ops', () => {
  const copies = new CopyTable(SOURCES, VOCABULARY);
  // Two steps of three sources: copied, beyond, generated alone; padding, copied or generated, beyond.
  const ids = Int32Array.of(3, 5, 1, 2, 5, 4);
  const weights = Float32Array.of(0.2, 0.1, 0.3, 0.05, 0, 0.15);
  const attention = (x: tf.Tensor2D): tf.Tensor2D => tf.softmax(tf.mul(x, 3));

  it.each([0, 0.1])(
    'copyCrossEntropy with smoothing %d: kernels equal what is composed, gradients too',
    async (smoothing) => {
      const op = (logits: tf.Tensor2D, gates: tf.Tensor2D, looks: tf.Tensor2D) =>
        copyCrossEntropy({ logits, gates, weights: attention(looks) }, { ids, weights, smoothing }, copies);
      const shapes = [
        [6, 5],
        [6, 1],
        [6, 5],
      ];
      const composed = await evaluateOp(COMPOSED, op as never, shapes);
      for (const engine of [CPU, WASM] as const) {
        const { output, gradients } = await evaluateOp(engine, op as never, shapes);
        expect(greatestDifference(output, composed.output), engine).toBeLessThan(1e-6);
        gradients.forEach((gradient, i) => {
          expect(gradient.some((value) => value !== 0)).toBe(true);
          expect(greatestDifference(gradient, composed.gradients[i]), engine).toBeLessThan(1e-6);
        });
      }
    },
  );

  it('coverageLoss', async () => {
    const op = (looks: tf.Tensor2D, coverage: tf.Tensor2D) => coverageLoss(looks, coverage, weights);
    const shapes = [
      [6, 5],
      [6, 5],
    ];
    const composed = await evaluateOp(COMPOSED, op as never, shapes);
    for (const engine of [CPU, WASM] as const) {
      const { output, gradients } = await evaluateOp(engine, op as never, shapes);
      expect(greatestDifference(output, composed.output), engine).toBeLessThan(1e-6);
      gradients.forEach((g, i) => expect(greatestDifference(g, composed.gradients[i]), engine).toBeLessThan(1e-6));
    }
  });

  it('stays finite where everything is shut: no attention on the target, a gate and logits far from 0', async () => {
    for (const engine of [CPU, COMPOSED, WASM] as const) {
      await useEngine(engine);
      for (const gate of [100, -100]) {
        const inputs = [
          tf.tensor2d(values(30), [6, 5]).mul(200),
          tf.fill([6, 1], gate),
          tf.oneHot(tf.tensor1d([1, 4, 0, 2, 4, 3], 'int32'), 5).cast('float32'),
        ] as const;
        const { value, grads } = tf.valueAndGrads((logits, gates, looks) =>
          copyCrossEntropy(
            { logits: T2(logits!), gates: T2(gates!), weights: T2(looks!) },
            { ids, weights, smoothing: 0.1 },
            copies,
          ),
        )([...inputs]);
        for (const tensor of [value, ...grads]) {
          expect([engine, gate, tensor.dataSync().every(Number.isFinite)]).toEqual([engine, gate, true]);
        }
        tf.dispose([...inputs, value, ...grads]);
      }
    }
  });
});

const COPYING = VARIANTS.filter(([, config]) => config.copying === true || config.attention.kind === 'coverage');

function stir(model: Seq2Seq): void {
  Object.values(model.parameters).forEach((variable, i) => {
    tf.tidy(() => variable.assign(tf.tensor(values(variable.size, i), variable.shape)));
  });
}

describe.each(COPYING)('%s', (_, config) => {
  beforeEach(() => useEngine(CPU));

  it('follows the equations of the paper', async () => {
    const model = createSeq2Seq(config);
    stir(model);
    const table = Object.fromEntries(
      Object.entries(model.parameters).map(([key, variable]) => [
        key,
        { shape: variable.shape, data: variable.dataSync() },
      ]),
    );
    const target = new Vocabulary('target', config.targetSymbols);
    const source = new Vocabulary('source', config.sourceSymbols);
    const pairs: Pair[] = config.copying
      ? [
          {
            source: ['a', '{0}', 'c', '?', 'a'],
            target: ['A', '{0}', 'a', 'c'],
          },
          { source: ['d'], target: ['B', 'd', 'd'] },
        ]
      : [{ source: ['a', 'b', 'a'], target: ['A', 'B'] }];
    const copies = new CopyTable(
      pairs.map((pair) => pair.source),
      target,
    );
    const steps = pairs.map((pair, b) => {
      const ids = pair.source.map((symbol) => source.number(symbol) ?? source.size);
      return teacherForced(config, table, ids, copies.encodeTarget(pair.target, b), {
        ids: Array.from(copies.ids.slice(b * copies.time, b * copies.time + ids.length)),
        size: copies.size,
      });
    });
    let total = 0;
    let count = 0;
    pairs.forEach((pair, b) => {
      const seen = pair.source.map(() => 0);
      [...copies.encodeTarget(pair.target, b), 0].forEach((id, t) => {
        total -= steps[b][t].logProbabilities[id];
        count++;
        if (config.attention.kind !== 'coverage') return;
        steps[b][t].weights.forEach((weight, j) => {
          total += (config.coverageLoss ?? 1) * Math.min(weight, seen[j]);
          seen[j] += weight;
        });
      });
    });
    const loss = model.loss(pairs);
    expect(loss.dataSync()[0]).toBeCloseTo(total / count, 4);
    loss.dispose();

    const { logits, weights, beyond } = model.teach(pairs);
    expect(beyond).toEqual(config.copying ? copies.beyond : undefined);
    const [scores, looks] = [logits.arraySync(), weights!.arraySync()];
    tf.dispose([logits, weights!]);
    pairs.forEach((pair, b) => {
      steps[b].forEach((step, t) => {
        const sum = scores[b][t].reduce((all, score) => all + Math.exp(score), 0);
        if (config.copying) expect(sum).toBeCloseTo(1, 5);
        const probabilities = scores[b][t].map((score) => Math.exp(score) / sum);
        expect(greatestDifference(probabilities, step.logProbabilities.map(Math.exp))).toBeLessThan(1e-5);
        expect(greatestDifference(looks[b][t].slice(0, pair.source.length), step.weights)).toBeLessThan(1e-5);
      });
    });
    model.dispose();
  });
});

describe('a model that copies', () => {
  const config = tinyConfig({
    copying: true,
    sourceSymbols: ['a', 'b', 'c'],
    targetSymbols: ['A', 'B', 'C'],
    embeddingWidth: 8,
    encoderUnits: 12,
    decoderUnits: 24,
    attention: { kind: 'coverage', units: 16 },
    outputUnits: 16,
  });
  // Letters in capitals, names as they are: each name occurs once, so that nothing but copying can get it right.
  const name = (n: number): string => `<${n}>`;
  const pairs = Array.from({ length: 400 }, (_, n): Pair => {
    const letters = [...'abcacbbac'].slice(n % 7, (n % 7) + 2 + (n % 2));
    const source = letters.toSpliced(n % 3, 0, name(n));
    return { source, target: source.map((symbol) => (symbol.startsWith('<') ? symbol : symbol.toUpperCase())) };
  });

  it('learns to copy what it has never seen, on wasm', async () => {
    await useEngine(WASM);
    const model = createSeq2Seq(config);
    const train = pairs.map(({ source, target }) => ({ source, targets: [target] }));
    const trainer = createTrainer(
      recurrent,
      model,
      { train, validation: [] },
      {
        steps: 120,
        batchSize: 32,
        learningRate: 0.02,
        warmupSteps: 5,
        schedule: 'cosine',
        clipNorm: 5,
        labelSmoothing: 0,
        evaluateEvery: 1000,
        validationExamples: 10,
        patience: 0,
        seed: 1,
      },
    );
    await trainer.run();
    const unseen = [
      ['a', '{0}', 'b'],
      ['zebra', 'c'],
      ['b', 'c', '%s'],
    ];
    const wanted = [
      ['A', '{0}', 'B'],
      ['zebra', 'C'],
      ['B', 'C', '%s'],
    ];
    expect((await model.greedy(unseen)).map(({ output }) => output)).toEqual(wanted);
    expect((await model.beam(unseen, { width: 3 })).map(([best]) => best!.output)).toEqual(wanted);
    const steps = [];
    for await (const step of model.watch(unseen[0])) steps.push(step);
    expect(steps.map(({ symbol }) => symbol)).toEqual([...wanted[0], undefined]);
    expect(steps[1].generation).toBeLessThan(0.5);
    expect(steps[0].generation).toBeGreaterThan(0.5);
    model.dispose();
  });

  it('refuses what it cannot learn, and configurations that make no sense', async () => {
    await useEngine(CPU);
    const model = createSeq2Seq(config);
    const lose = () => model.loss([{ source: ['a', 'x'], target: ['y'] }]);
    expect(lose).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    model.dispose();
    for (const changes of [
      { copying: true, attention: { kind: 'none' } },
      { coverage: true, attention: { kind: 'general' } },
      { coverage: 1 },
      { coverageLoss: 1 },
      { attention: { kind: 'coverage', units: 7 }, coverageLoss: -1 },
    ] as const) {
      expect(() => createSeq2Seq(tinyConfig(changes as never))).toThrow(
        expect.objectContaining({ code: 'CONFIG_INVALID' }),
      );
    }
  });
});
