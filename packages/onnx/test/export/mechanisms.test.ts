import '@tensorflow/tfjs-backend-cpu';
import { MECHANISMS, createMechanism, type AttentionMechanism } from '@heed/attention';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { exportMechanism } from '../../src/export/export-mechanism.js';
import { distanceOf, inputsOf, load } from './run-model.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** A mechanism of each kind, with larger parameters than at the start, so that no weight is near its middle. */
const KINDS = MECHANISMS.map(({ kind, fit, suggest, looksBack = false, state }) => {
  const create = (): AttentionMechanism => {
    const place = fit.options({ queryWidth: 6, memoryWidth: 6, seed: 3 });
    const mechanism = createMechanism({ kind, ...suggest?.({ width: 6, heads: 2 }), ...place });
    Object.values(mechanism.parameters).forEach((parameter, n) => {
      const [values] = Object.values(inputsOf({ x: { shape: parameter.shape, dtype: 'float32' } }, {}, n + 7));
      parameter.assign(values);
      values.dispose();
    });
    return mechanism;
  };
  return { kind, create, looksBack, keepsState: state !== undefined };
});

// None of them is a size that is traced, and one is of a single query.
const SIZES = [
  { batch: 2, queries: 4, keys: 6 },
  { batch: 1, queries: 1, keys: 9 },
  { batch: 3, queries: 8, keys: 1 },
];

describe.each(KINDS)('exportMechanism of $kind', ({ create, looksBack, keepsState }) => {
  // Those that look back attend to their own text.
  const sizes = looksBack ? [4, 1, 21].map((time) => ({ batch: 2, queries: time, keys: time })) : SIZES;
  const axes = looksBack ? { queries: 'time', keys: 'time' } : {};

  it.each([false, true])('gives what attend gives; with a mask: %s', async (mask) => {
    const mechanism = create();
    const model = await load(await exportMechanism(mechanism, { ...axes, mask }));
    for (const { batch, queries, keys } of sizes) {
      const inputs = inputsOf(
        {
          query: { shape: [batch, queries, mechanism.queryWidth], dtype: 'float32' },
          memory: { shape: [batch, keys, mechanism.memoryWidth], dtype: 'float32' },
          ...(mask && { mask: { shape: [batch, keys], dtype: 'bool' } }),
        },
        {},
      );
      const memory = mechanism.prepare(inputs['memory'] as Tensor3D, mask ? { mask: inputs['mask'] as Tensor2D } : {});
      const { context, weights } = mechanism.attend(inputs['query'], memory, { returnWeights: true });
      expect(distanceOf(await model(inputs), { context, weights })).toBeLessThan(1e-4);
    }
    mechanism.dispose();
  });

  it.runIf(keepsState)('gives what one step gives, and the state after it', async () => {
    const mechanism = create();
    const model = await load(await exportMechanism(mechanism, { step: true }));
    const inputs = inputsOf(
      {
        query: { shape: [2, mechanism.queryWidth], dtype: 'float32' },
        memory: { shape: [2, 7, mechanism.memoryWidth], dtype: 'float32' },
      },
      {},
    );
    const memory = mechanism.prepare(inputs['memory'] as Tensor3D);
    let state = mechanism.initialState(memory)!;
    for (let step = 0; step < 3; step++) {
      const seen = mechanism.attend(inputs['query'], memory, { returnWeights: true, state });
      const given = Object.fromEntries(Object.entries(state).map(([name, x]) => [`state/${name}`, x]));
      const next = Object.fromEntries(Object.entries(seen.state!).map(([name, x]) => [`next/${name}`, x]));
      const { context, weights } = seen;
      expect(distanceOf(await model({ ...inputs, ...given }), { context, weights, ...next })).toBeLessThan(1e-4);
      state = seen.state!;
    }
    mechanism.dispose();
  });
});
