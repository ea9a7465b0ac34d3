import * as tf from '@tensorflow/tfjs';
import { cpu } from '@heed/backend-cpu';
import { selectBackend, type AttentionBackend } from '@heed/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSeq2Seq } from '../src/recurrent/seq2seq.js';
import { createTrainer, type Evaluation, type TrainerState } from '@heed/nn';
import { evaluate } from '../src/evaluate.js';
import { presets } from '../src/recurrent/presets.js';
import { recurrent } from '../src/recurrent/kind.js';
import type { Seq2SeqConfig } from '../src/recurrent/config.js';
import type { TrainingConfig } from '@heed/nn';
import { reversed, symbols, tinyConfig } from './models.js';

let backend: AttentionBackend;
beforeAll(async () => {
  backend = await selectBackend(cpu());
});
afterAll(() => backend.dispose());

const longer = (words: readonly string[]): string[] =>
  words.flatMap((word) => [...'abcd'].map((letter) => word + letter));
/** All words of one to three letters, to be written backwards in capitals. */
const ALL = [longer(['']), longer(longer([''])), longer(longer(longer([''])))].flat();
const example = (word: string) => ({ source: symbols(word), targets: [reversed(word)] });
const HELD_OUT = new Set(['abc', 'dac', 'bd', 'cbb', 'add', 'dca', 'bab', 'ca']);
const examples = {
  train: ALL.filter((word) => !HELD_OUT.has(word)).map(example),
  validation: [...HELD_OUT].map(example),
};

const training = (changes: Partial<TrainingConfig> = {}): TrainingConfig => ({
  ...presets.small.training,
  seed: 11,
  steps: 12,
  batchSize: 16,
  learningRate: 0.01,
  warmupSteps: 2,
  evaluateEvery: 5,
  validationExamples: 6,
  ...changes,
});

describe('training', () => {
  it.each([
    [
      "Bahdanau's",
      tinyConfig({ encoderUnits: 16, decoderUnits: 24, attention: { kind: 'additive', units: 16 }, outputUnits: 16 }),
    ],
    [
      "Luong's",
      tinyConfig({
        architecture: 'luong',
        cell: 'lstm',
        output: 'tanh',
        inputFeeding: true,
        encoderUnits: 16,
        decoderUnits: 32,
        attention: { kind: 'dot' },
        outputUnits: 24,
      }),
    ],
  ] satisfies [string, Seq2SeqConfig][])('%s model learns to write words backwards', async (_, config) => {
    const model = createSeq2Seq(config);
    const trainer = createTrainer(
      recurrent,
      model,
      examples,
      training({ steps: 250, evaluateEvery: 1000, learningRate: 0.02 }),
    );
    let loss = Infinity;
    const { reason } = await trainer.run({ onProgress: (progress) => ({ loss } = progress) });
    expect(reason).toBe('finished');
    expect(loss).toBeLessThan(0.02);
    const seen = await evaluate(model, examples.train);
    expect(seen.tokenErrorRate).toBe(0);
    expect(seen.monotonicity).toBeLessThan(-0.8); // it reads from the end
    const unseen = await evaluate(model, examples.validation, { beam: { width: 3 } });
    expect(unseen.tokenErrorRate).toBeLessThan(0.35); // guessing makes 0.75
    model.dispose();
  });

  it('neither leaks nor changes what it was given', async () => {
    const model = createSeq2Seq(tinyConfig({ dropout: 0.2 }));
    const before = tf.memory().numTensors;
    const trainer = createTrainer(recurrent, model, examples, training());
    const counts = new Set<number>();
    await trainer.run({ onProgress: () => counts.add(tf.memory().numTensors) });
    const slots = 2 * Object.keys(model.parameters).length;
    expect([...counts]).toEqual([before + slots]);
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  it('takes no evaluation that is not finite', async () => {
    for (const found of [
      { error: NaN, figures: { accuracy: 1 } },
      { error: 1, figures: { accuracy: Infinity } },
    ]) {
      const model = createSeq2Seq(tinyConfig());
      const kind = { ...recurrent, validate: async () => found };
      const trainer = createTrainer(kind, model, examples, training());
      await expect(trainer.run()).rejects.toMatchObject({ code: 'NOT_FINITE', message: /on the validation examples/ });
      expect(trainer.state()).toMatchObject({ step: 5, evaluations: [] });
      expect(trainer.state().best).toBeUndefined();
      model.dispose();
    }
  });

  it('reports progress', async () => {
    const model = createSeq2Seq(tinyConfig());
    const trainer = createTrainer(recurrent, model, examples, training({ schedule: 'constant', clipNorm: 1e-3 }));
    const seen: { step: number; epoch: number; secondsLeft: number; learningRate: number; gradientNorm: number }[] = [];
    const evaluations: (Evaluation & { isBest: boolean })[] = [];
    await trainer.run({ onProgress: (p) => seen.push(p), onEvaluation: (e) => evaluations.push(e) });
    expect(seen.map(({ step }) => step)).toEqual(Array.from({ length: 12 }, (_, n) => n + 1));
    expect(seen[4].epoch).toBeCloseTo(5 / Math.ceil(examples.train.length / 16), 12);
    expect(seen.at(-1)!.secondsLeft).toBe(0);
    expect(seen[0].secondsLeft).toBeGreaterThan(0);
    expect(seen[3].learningRate).toBe(0.01);
    expect(seen[3].gradientNorm).toBeGreaterThan(1e-3);
    expect(evaluations.map(({ step }) => step)).toEqual([5, 10, 12]);
    expect(evaluations[0].isBest).toBe(true);
    expect(evaluations[0].trainingLoss).toBeGreaterThan(0);
    model.dispose();
  });
});

describe('an interrupted run', () => {
  const configs: readonly (readonly [string, Seq2SeqConfig])[] = [
    ['with dropout', tinyConfig({ dropout: 0.3 })],
    ['an LSTM without attention', tinyConfig({ cell: 'lstm', attention: { kind: 'none' } })],
  ];

  async function uninterrupted(config: Seq2SeqConfig): Promise<TrainerState> {
    const model = createSeq2Seq(config);
    const trainer = createTrainer(recurrent, model, examples, training());
    await trainer.run();
    const state = trainer.state();
    model.dispose();
    return state;
  }

  it.each(configs)('%s ends with the same bits, wherever it was interrupted', async (_, config) => {
    const whole = await uninterrupted(config);
    expect(whole.step).toBe(12);
    // An epoch has 5 batches: 3 and 7 are in the middle of one; 5 and 10 are evaluations and ends of epochs.
    for (const stops of [[3], [5], [1, 7, 10], [4, 4, 4]]) {
      let state: TrainerState | undefined;
      let step = 0;
      for (const stop of [...stops, 12]) {
        const model = createSeq2Seq(config);
        const trainer = createTrainer(recurrent, model, examples, training(), state);
        await trainer.run({ maxSteps: Math.max(0, stop - step) });
        state = trainer.state();
        step = trainer.step;
        model.dispose();
      }
      expect(state).toEqual(whole);
    }
  });

  it('goes on from what was saved, whatever came after', async () => {
    const whole = await uninterrupted(tinyConfig());
    const saved: TrainerState[] = [];
    const model = createSeq2Seq(tinyConfig());
    await createTrainer(recurrent, model, examples, training()).run({
      maxSteps: 8,
      saveEverySeconds: 0,
      save: (s) => void saved.push(s),
    });
    model.dispose();
    expect(saved.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    for (const state of [saved[1], saved[6]]) {
      const model = createSeq2Seq(tinyConfig());
      const trainer = createTrainer(recurrent, model, examples, training(), state);
      await trainer.run();
      expect(trainer.state()).toEqual(whole);
      model.dispose();
    }
  });
});

describe('a run stops', () => {
  const run = async (
    changes: Partial<TrainingConfig>,
    options: Parameters<ReturnType<typeof createTrainer>['run']>[0],
  ) => {
    const model = createSeq2Seq(tinyConfig());
    const trainer = createTrainer(recurrent, model, examples, training(changes));
    const outcome = await trainer.run(options);
    model.dispose();
    return outcome;
  };

  it('when it is told to, after the step', async () => {
    const controller = new AbortController();
    const saved: number[] = [];
    const outcome = await run(
      {},
      {
        signal: controller.signal,
        onProgress: ({ step }) => step === 4 && controller.abort(),
        save: ({ step }) => void saved.push(step),
      },
    );
    expect(outcome).toMatchObject({ reason: 'aborted', step: 4 });
    expect(saved).toEqual([4]);
  });

  it('when time is up, and saves', async () => {
    const saved: number[] = [];
    const outcome = await run({}, { maxSeconds: 0.001, save: ({ step }) => void saved.push(step) });
    expect(outcome).toMatchObject({ reason: 'max-seconds', step: 1 });
    expect(saved).toEqual([1]);
  });

  it('after so many steps', async () => {
    expect(await run({}, { maxSteps: 7 })).toMatchObject({ reason: 'max-steps', step: 7 });
    expect(await run({}, { maxSteps: 12 })).toMatchObject({ reason: 'finished', step: 12 });
    expect(await run({}, { maxSteps: 0 })).toMatchObject({ reason: 'max-steps', step: 0 });
  });

  it('early, when validation doesn’t get better', async () => {
    // So small a rate changes no output, so the first evaluation stays the best.
    const outcome = await run({ steps: 100, learningRate: 1e-12, evaluateEvery: 2, patience: 3 }, {});
    expect(outcome).toMatchObject({ reason: 'early-stop', step: 8, best: { step: 2 } });
  });

  it('not at all for evaluations without patience', async () => {
    const outcome = await run({ learningRate: 1e-12, evaluateEvery: 2, patience: 0 }, {});
    expect(outcome).toMatchObject({ reason: 'finished', step: 12 });
  });

  it('when the loss is not finite, with the parameters of the step before', async () => {
    const model = createSeq2Seq(tinyConfig());
    const trainer = createTrainer(recurrent, model, examples, training());
    const saved: number[] = [];
    const save = ({ step }: TrainerState) => void saved.push(step);
    await trainer.run({ maxSteps: 2, save });
    const good = trainer.state();
    const kernel = model.parameters['output/kernel'];
    tf.tidy(() => kernel.assign(tf.fill(kernel.shape, 3e38)));
    await expect(trainer.run({ save, saveEverySeconds: 0 })).rejects.toMatchObject({
      code: 'NOT_FINITE',
      details: { step: 3 },
    });
    expect(saved).toEqual([2]);
    expect(trainer.step).toBe(2);
    expect(trainer.state().slots).toEqual(good.slots);
    model.dispose();
  });
});

describe('createTrainer', () => {
  it.each([
    [{ steps: 0 }, 'steps'],
    [{ batchSize: 1.5 }, 'batchSize'],
    [{ learningRate: Number.NaN }, 'learningRate'],
    [{ schedule: 'wild' as never }, 'schedule'],
    [{ labelSmoothing: 1 }, 'labelSmoothing'],
  ])('refuses %j', (changes, field) => {
    const model = createSeq2Seq(tinyConfig());
    const make = (): unknown => createTrainer(recurrent, model, examples, training(changes));
    expect(make).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    expect(make).toThrow(field);
    model.dispose();
  });

  it('refuses no examples, and the state of another model', () => {
    const model = createSeq2Seq(tinyConfig());
    const other = createSeq2Seq(tinyConfig({ decoderUnits: 9 }));
    expect(() => createTrainer(recurrent, model, { train: [], validation: [] }, training())).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
    const state = createTrainer(recurrent, other, examples, training()).state();
    expect(() => createTrainer(recurrent, model, examples, training(), state)).toThrow(
      expect.objectContaining({ code: 'SHAPE_MISMATCH' }),
    );
    model.dispose();
    other.dispose();
  });

  it('refuses to run twice at once', async () => {
    const model = createSeq2Seq(tinyConfig());
    const trainer = createTrainer(recurrent, model, examples, training({ steps: 2 }));
    const first = trainer.run();
    await expect(trainer.run()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await first;
    model.dispose();
  });

  it('does without validation examples: the newest parameters are the best', async () => {
    const model = createSeq2Seq(tinyConfig());
    const trainer = createTrainer(recurrent, model, { ...examples, validation: [] }, training());
    expect((await trainer.run()).best).toBeUndefined();
    expect(trainer.state().best).toBeUndefined();
    model.dispose();
  });
});
