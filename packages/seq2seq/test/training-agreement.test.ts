import * as tf from '@tensorflow/tfjs';
import { additive, multiHead, type AttentionMechanism } from '@heed/attention';
import { cpu } from '@heed/backend-cpu';
import { wasm } from '@heed/backend-wasm';
import { composed, selectBackend, type BackendFactory } from '@heed/core';
import { describe, expect, it } from 'vitest';
import { createSeq2Seq, createTrainer, presets } from '../src/index.js';
import type { Seq2SeqConfig } from '../src/config.js';
import { COMPOSED, HOST, useEngine, values } from './engines.js';
import { reversed, symbols, tinyConfig } from './models.js';

/** Every backend that runs in Node; the engine 'unknown-engine' has neither kernels of Heed nor loops of this package. */
const BACKENDS: readonly (readonly [string, BackendFactory])[] = [
  ['cpu', cpu()],
  ['wasm', wasm()],
  ['composed on the cpu engine', composed({ engine: HOST })],
  ['composed on an engine that nothing knows', composed({ engine: COMPOSED })],
];

const STEPS = 50;
const SEED = 11;
/** What conformance allows in a number at least, as a share of it: 16 spacings of float32. */
const NUDGE = 16 * 2 ** -23;

/**
 * How far two curves may be apart, in nats, for losses below 2, whose own spacing is 1.2e-7. A run that starts from
 * parameters which are NUDGE off, each up or down, stays within a fifth of it (below); the rest is for erring as much in the
 * steps that follow. Another seed, for dropout and the order of the data, is OTHER away.
 */
const BOUND = 1e-5;
const OTHER = 1000 * BOUND;

interface RunOptions {
  readonly seed?: number;
  /** Share by which every parameter is moved at the start, up or down in turn. */
  readonly nudge?: number;
}

type Train = (options?: RunOptions) => Promise<number[]>;

const words = Array.from({ length: 64 }, (_, n) =>
  Array.from({ length: 3 + (n % 3) }, (_, k) => 'abcd'[(n >> (2 * (k % 3))) & 3]).join(''),
);
const train = words.map((word) => ({ source: symbols(word), targets: [reversed(word)] }));

it('a thousand steps of training leave tensors and the heap of the wasm engine where they were', async () => {
  const backend = await selectBackend(wasm());
  await tf.setBackend('wasm');
  const heap = (): number => (tf.backend() as unknown as Engine).wasm.asm.memory.buffer.byteLength;
  const model = createSeq2Seq(tinyConfig({ dropout: 0.3, cell: 'lstm' }));
  const training = { ...presets.small.training, seed: SEED, steps: 1100, batchSize: 8 };
  const trainer = createTrainer(model, { train, validation: [] }, training);
  const states: object[] = [];
  await trainer.run({
    onProgress: ({ step }) => {
      const { numTensors, numBytes } = tf.memory();
      if (step === 100 || step === 1100) states.push({ numTensors, numBytes, heap: heap() });
    },
  });
  model.dispose();
  expect(states).toHaveLength(2);
  expect(states[1]).toEqual(states[0]);
  await backend.dispose();
}, 120_000);

interface Engine {
  readonly wasm: { readonly asm: { readonly memory: WebAssembly.Memory } };
}

/** An encoder–decoder, with dropout on the memory and the output layer. */
function seq2seqRun(changes: Partial<Seq2SeqConfig>): Train {
  return async ({ seed = SEED, nudge = 0 } = {}) => {
    const model = createSeq2Seq(
      tinyConfig({ dropout: 0.3, encoderUnits: 12, decoderUnits: 16, outputUnits: 12, ...changes }),
    );
    nudgeAll(Object.values(model.parameters), nudge);
    const training = { ...presets.small.training, seed, steps: STEPS, batchSize: 8, learningRate: 0.01 };
    const trainer = createTrainer(model, { train, validation: [] }, training);
    const losses: number[] = [];
    await trainer.run({ onProgress: ({ loss }) => losses.push(loss) });
    model.dispose();
    return losses;
  };
}

const WIDTH = 8;

/** A mechanism by itself, with dropout of the weights: it learns to find the positions that it is given. */
function mechanismRun(create: () => AttentionMechanism): Train {
  return async ({ seed = SEED, nudge = 0 } = {}) => {
    const mechanism = create();
    const parameters = Object.values(mechanism.parameters);
    nudgeAll(parameters, nudge);
    const optimizer = tf.train.adam(0.03);
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
      losses.push((await loss.data())[0]!);
      loss.dispose();
    }
    optimizer.dispose();
    tf.dispose([query, memory]);
    mechanism.dispose();
    return losses;
  };
}

const RUNS: readonly (readonly [string, Train])[] = [
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

describe.each(RUNS)(`${STEPS} steps of training, %s:`, (_, run) => {
  it('every backend gives the same curve', async () => {
    const curves: number[][] = [];
    for (const [, factory] of BACKENDS) curves.push(await on(factory, run));
    const [first, ...others] = curves;
    expect(first).toHaveLength(STEPS);
    expect(mean(first!.slice(-10))).toBeLessThan(0.9 * mean(first!.slice(0, 5))); // it does learn
    for (const [n, curve] of others.entries()) {
      expect(distance(first!, curve), BACKENDS[n + 1]![0]).toBeLessThan(BOUND);
    }
  });

  it('the bound is of the size of what roundings make of a curve, and far from what another seed does', async () => {
    const [plain, nudged, reseeded] = await on(cpu(), async () => [
      await run(),
      await run({ nudge: NUDGE }),
      await run({ seed: SEED + 1 }),
    ]);
    expect(distance(plain!, nudged!)).toBeGreaterThan(0);
    expect(distance(plain!, nudged!)).toBeLessThan(BOUND / 5);
    expect(distance(plain!, reseeded!)).toBeGreaterThan(OTHER);
  });
});

async function on<T>(factory: BackendFactory, run: () => Promise<T>): Promise<T> {
  await useEngine(COMPOSED); // registers it
  const backend = await selectBackend(factory);
  try {
    return await run();
  } finally {
    await backend.dispose();
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

const distance = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((most, x, n) => Math.max(most, Math.abs(x - b[n]!)), 0);

const mean = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0) / numbers.length;
