import * as tf from '@tensorflow/tfjs';
import { additive, multiHead, type AttentionMechanism } from '@heed/attention';
import { selectBackend, type BackendFactory } from '@heed/core';
import { createSeq2Seq, presets, recurrent, type Seq2SeqConfig } from '@heed/networks';
import { expect } from 'vitest';
import { createTrainer } from '@heed/nn';
import { values } from '../packages/nn/test/engines.js';
import { reversed, symbols, tinyConfig } from '../packages/networks/test/models.js';

/** Small trainings, and the check that backends agree on them, for tests in Node and in a browser. */

export const STEPS = 30;
export const SEED = 11;
/** Least relative error that conformance allows: 16 spacings of float32. */
export const NUDGE = 16 * 2 ** -23;

/**
 * Greatest difference between two curves, in nats, for losses below 2, whose own spacing is 1.2e-7. A run that starts with
 * parameters which are off by NUDGE, up or down, stays within a fifth of it (below); the rest allows for similar errors in
 * the following steps. A run with another seed, for dropout and the order of the data, is OTHER away.
 */
export const BOUND = 1e-5;
export const OTHER = 1000 * BOUND;

interface RunOptions {
  readonly seed?: number;
  /** Share by which every parameter is moved at the start, up or down in turn. */
  readonly nudge?: number;
}

export type Train = (options?: RunOptions) => Promise<number[]>;

const words = Array.from({ length: 64 }, (_, n) =>
  Array.from({ length: 3 + (n % 3) }, (_, k) => 'abcd'[(n >> (2 * (k % 3))) & 3]).join(''),
);
export const train = words.map((word) => ({ source: symbols(word), targets: [reversed(word)] }));

/** Training of an encoder–decoder, with dropout on the memory and the output layer. */
function seq2seqRun(changes: Partial<Seq2SeqConfig>): Train {
  return async ({ seed = SEED, nudge = 0 } = {}) => {
    const model = createSeq2Seq(
      tinyConfig({ dropout: 0.3, encoderUnits: 12, decoderUnits: 16, outputUnits: 12, ...changes }),
    );
    nudgeAll(Object.values(model.parameters), nudge);
    const training = { ...presets.small.training, seed, steps: STEPS, batchSize: 8, learningRate: 0.01 };
    const trainer = createTrainer(recurrent, model, { train, validation: [] }, training);
    const losses: number[] = [];
    await trainer.run({ onProgress: ({ loss }) => losses.push(loss) });
    model.dispose();
    return losses;
  };
}

const WIDTH = 8;
/** Epsilon of Adam, set here since TensorFlow.js's default isn't the same on every engine. */
const EPSILON = 1e-7;

/** Training of a single mechanism, with dropout of the weights: it learns to find given positions. */
function mechanismRun(create: () => AttentionMechanism): Train {
  return async ({ seed = SEED, nudge = 0 } = {}) => {
    const mechanism = create();
    const parameters = Object.values(mechanism.parameters);
    nudgeAll(parameters, nudge);
    const optimizer = tf.train.adam(0.03, 0.9, 0.999, EPSILON);
    const memory = tf.tensor3d(values(4 * 7 * WIDTH), [4, 7, WIDTH]);
    const query = tf.slice(memory, [0, 0, 0], [4, 5, WIDTH]) as tf.Tensor3D;
    const losses: number[] = [];
    for (let step = 0; step < STEPS; step++) {
      const loss = optimizer.minimize(
        () => {
          const prepared = mechanism.prepare(memory, { lengths: [7, 5, 6, 7] });
          const { context } = mechanism.attend(query, prepared, { dropout: { rate: 0.3, seed: seed * 1000 + step } });
          return tf.mean(tf.square(tf.sub(context, query))) as tf.Scalar;
        },
        true,
        parameters,
      )!;
      losses.push((await loss.data())[0]);
      loss.dispose();
    }
    optimizer.dispose();
    tf.dispose([query, memory]);
    mechanism.dispose();
    return losses;
  };
}

export const RUNS: readonly (readonly [string, Train])[] = [
  ["Bahdanau's model", seq2seqRun({})],
  [
    "Luong's model, LSTM, input feeding",
    seq2seqRun({
      architecture: 'luong',
      cell: 'lstm',
      output: 'tanh',
      inputFeeding: true,
      attention: { kind: 'general' },
      decoderUnits: 24,
    }),
  ],
  ['a model with two heads', seq2seqRun({ attention: { kind: 'multiHead', heads: 2 } })],
  [
    'additive attention with dropout of the weights',
    mechanismRun(() => additive({ queryWidth: WIDTH, memoryWidth: WIDTH, units: 6, seed: 5 })),
  ],
  [
    'two heads with dropout of the weights',
    mechanismRun(() => multiHead({ queryWidth: WIDTH, memoryWidth: WIDTH, heads: 2, seed: 5 })),
  ],
];

/**
 * Runs for engines of which a step takes long: what a decoder with two heads has, each of the others has. Two heads are trained alone, and
 * the same decoder with other attention.
 */
export const FEWER_RUNS = RUNS.filter(([name]) => name !== 'a model with two heads');

export async function on<T>(factory: BackendFactory, run: () => Promise<T>): Promise<T> {
  const backend = await selectBackend(factory);
  try {
    return await run();
  } finally {
    await backend.dispose();
  }
}

/** Expects that the first of `backends` learns, and that the others have the same losses at each step. */
export async function expectSameCurves(
  run: Train,
  backends: readonly (readonly [name: string, factory: BackendFactory])[],
): Promise<void> {
  const curves: number[][] = [];
  for (const [, factory] of backends) curves.push(await on(factory, () => run()));
  const [first, ...others] = curves;
  expect(first).toHaveLength(STEPS);
  expect(mean(first!.slice(-10))).toBeLessThan(0.9 * mean(first!.slice(0, 5)));
  for (const [n, curve] of others.entries()) {
    expect(distance(first!, curve), backends[n + 1][0]).toBeLessThan(BOUND);
  }
}

function nudgeAll(parameters: readonly tf.Variable[], share: number): void {
  if (share === 0) return;
  tf.tidy(() => {
    for (const parameter of parameters) {
      const moved = parameter.dataSync<'float32'>().map((x, n) => x * (1 + (n % 2 === 0 ? share : -share)));
      parameter.assign(tf.tensor(moved, parameter.shape));
    }
  });
}

export const distance = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((most, x, n) => Math.max(most, Math.abs(x - b[n])), 0);

const mean = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0) / numbers.length;
