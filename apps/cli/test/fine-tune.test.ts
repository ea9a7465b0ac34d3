import '@tensorflow/tfjs'; // registers the gradients of TensorFlow.js's own ops
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BACKENDS, findBackend } from '@heed/backends';
import { sample } from '@heed/base';
import { selectBackend, type AttentionBackend } from '@heed/core';
import { packageFiles } from '@heed/datasets';
import {
  loadPretrained,
  pretrainedClassifier,
  type PretrainedClassifier,
  type PretrainedModel,
} from '@heed/hugging-face';
import { createTrainer } from '@heed/nn';
import { spam } from '@heed/tasks';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const FOLDER = fileURLToPath(new URL('../../../vectors/hugging-face/bert/', import.meta.url));
const TRAINING = {
  seed: 1,
  steps: 100,
  batchSize: 16,
  warmupSteps: 20,
  schedule: 'linear',
  clipNorm: 1,
  labelSmoothing: 0,
  evaluateEvery: 100,
  validationExamples: 20,
  patience: 0,
} as const;

let backend: AttentionBackend;
let base: PretrainedModel;
let data: Awaited<ReturnType<typeof spam.load>>;

beforeAll(async () => {
  backend = await selectBackend(await findBackend('wasm', BACKENDS).load({}));
  base = await loadPretrained(
    Object.fromEntries(readdirSync(FOLDER).map((name) => [name, readFileSync(FOLDER + name)])),
  );
  data = await spam.load({ seed: 1, files: packageFiles });
});
afterAll(async () => {
  base.dispose();
  await backend.dispose();
});

const judged = (): (typeof data)['test'] => sample(data.test, 150, 1);

async function accuracyOf(model: PretrainedClassifier): Promise<number> {
  const found = await model.classify(judged());
  return found.filter(({ label }, n) => label === judged()[n]!.label).length / found.length;
}

/** Trains tiny BERT on mails, and says what became of the loss and how many it tells right. */
async function tuned(lora: number, learningRate: number, steps: number = TRAINING.steps) {
  const network = pretrainedClassifier(() => base);
  const model = network.create({ kind: 'pretrained-classifier', seed: 1, lora, classes: ['ham', 'spam'] });
  try {
    const losses: number[] = [];
    const trainer = createTrainer(network, model, data, { ...TRAINING, learningRate });
    await trainer.run({ maxSteps: steps, onProgress: ({ loss }) => losses.push(loss) });
    const mean = (from: number[]): number => from.reduce((sum, loss) => sum + loss, 0) / from.length;
    return {
      parameters: model.parameterCount,
      first: mean(losses.slice(0, 10)),
      last: mean(losses.slice(-10)),
      losses,
      accuracy: await accuracyOf(model),
    };
  } finally {
    model.dispose();
  }
}

describe('tiny BERT learns to tell spam in 100 steps', () => {
  let common: number;
  let entropy: number;
  beforeAll(async () => {
    const [baseline] = spam.baselines;
    const share = data.train.filter(({ label }) => label === 'spam').length / data.train.length;
    entropy = -share * Math.log(share) - (1 - share) * Math.log(1 - share);
    common = (await baseline!.judge(data.train, judged())).figures['accuracy']!;
  });

  it('as a whole', async () => {
    const before = tf.memory().numTensors;
    const { first, last, accuracy } = await tuned(0, 5e-3);
    expect(last).toBeLessThan(0.75 * first);
    expect(last).toBeLessThan(0.9 * entropy);
    expect(accuracy).toBeGreaterThan(common + 0.05);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('by an adapter of less than 2 % of its parameters', async () => {
    const { parameters, first, last } = await tuned(2, 1e-2);
    const whole = Object.values(base.parameters).reduce((sum, { size }) => sum + size, 0);
    expect(parameters).toBeLessThan(0.02 * whole);
    expect(last).toBeLessThan(0.75 * first);
    // Less than what knowing how many mails are spam leaves open.
    expect(last).toBeLessThan(0.9 * entropy);
  });

  it('the same each time', async () => {
    const [one, other] = [await tuned(2, 2e-2, 5), await tuned(2, 2e-2, 5)];
    expect(one).toEqual(other);
  });
});
