import * as tf from '@tensorflow/tfjs';
import { cpu } from '@heed/backend-cpu';
import { wasm } from '@heed/backend-wasm';
import { composed, selectBackend, type BackendFactory } from '@heed/core';
import { createSeq2Seq, presets, recurrent } from '@heed/networks';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTrainer } from '@heed/nn';
import { COMPOSED, CPU, useEngine } from '../../packages/nn/test/engines.js';
import { tinyConfig } from '../../packages/networks/test/models.js';
import { BOUND, NUDGE, OTHER, RUNS, SEED, STEPS, distance, expectSameCurves, on, train } from '../training-runs.js';

/** All backends that run in Node; the engine 'composed' lacks kernels that others have. */
const BACKENDS: readonly (readonly [string, BackendFactory])[] = [
  ['cpu', cpu()],
  ['wasm', wasm()],
  ['composed on the cpu engine', composed({ engine: CPU })],
  ['composed on an engine that lacks kernels', composed({ engine: COMPOSED })],
];

it('a thousand steps of training leave tensors and the heap of the wasm engine where they were', async () => {
  const backend = await selectBackend(wasm());
  await tf.setBackend('wasm');
  const heap = (): number => (tf.backend() as unknown as Engine).wasm.asm.memory.buffer.byteLength;
  const model = createSeq2Seq(tinyConfig({ dropout: 0.3, cell: 'lstm' }));
  const training = { ...presets.small.training, seed: SEED, steps: 1100, batchSize: 8 };
  const trainer = createTrainer(recurrent, model, { train, validation: [] }, training);
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
});

interface Engine {
  readonly wasm: { readonly asm: { readonly memory: WebAssembly.Memory } };
}

describe.each(RUNS)(`${STEPS} steps of training, %s:`, (_, run) => {
  beforeAll(() => useEngine(COMPOSED)); // registers it

  it('every backend gives the same curve', () => expectSameCurves(run, BACKENDS));

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
