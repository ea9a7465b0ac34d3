import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, expect, it, vi } from 'vitest';
import { compileAhead, composed, selectBackend, type AttentionBackend } from './index.js';

const engine = composed({ engine: 'cpu' });

/** The cpu engine, said to compile ahead. */
async function selectCompiling(compile: AttentionBackend['compileAhead']): Promise<void> {
  await selectBackend({ ...engine, create: async () => ({ ...(await engine.create()), compileAhead: compile }) });
}

afterEach(() => tf.disposeVariables());

it('a backend without programs has nothing to do', async () => {
  await selectBackend(engine);
  const work = vi.fn();
  await compileAhead(work);
  expect(work).not.toHaveBeenCalled();
});

it('variables keep what they hold, in the same place, and nothing that was made stays', async () => {
  await selectCompiling(async (work) => work());
  const [kept, changed] = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(2))];
  const before = tf.memory().numTensors;
  const places = [kept.dataId, changed.dataId];
  await compileAhead(() => {
    changed.assign(tf.add(kept, 7));
    return tf.mul(changed, 2);
  });
  expect(tf.memory().numTensors).toBe(before);
  expect([kept.dataId, changed.dataId]).toEqual(places);
  expect(changed.dataSync()[0]).toBe(2);
});

it('variables keep what they hold also where the work throws', async () => {
  await selectCompiling(async (work) => work());
  const variable = tf.variable(tf.scalar(2));
  const failing = (): never => {
    variable.assign(tf.scalar(3));
    throw new RangeError('too long');
  };
  await expect(compileAhead(failing)).rejects.toThrow('too long');
  expect(variable.dataSync()[0]).toBe(2);
});

it('work that returns a promise is refused', async () => {
  await selectCompiling(async (work) => work());
  await expect(compileAhead(async () => tf.scalar(1))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
});
