import '@tensorflow/tfjs';
import { cpu } from '@heed/backend-cpu';
import { selectBackend } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { CASE_NAMES, cpuCases } from './cpu-cases.js';

test('every case computes the same on both sides, and leaves nothing behind', async () => {
  const backend = await selectBackend(cpu());
  // Both sides run on the same engine: without Heed's kernels one side would take a minute, and only the formulas matter here.
  const cases = cpuCases({ heed: 'cpu', peer: 'cpu' }).filter(
    ({ name }) => !name.startsWith('mat-mul') && name !== 'ceiling',
  );
  expect(CASE_NAMES).toEqual(expect.arrayContaining(cases.map(({ name }) => name)));
  for (const { name, setUp } of cases) {
    const before = tf.memory().numTensors;
    const { heed, peer, dispose } = setUp();
    const [mine, other] = [await heed(), await peer()];
    expect(mine.length, name).toBe(other.length);
    mine.forEach((values, n) => {
      const size = other[n].reduce((max, x) => Math.max(max, Math.abs(x)), 0);
      const worst = values.reduce((max, x, i) => Math.max(max, Math.abs(x - other[n][i])), 0);
      expect(worst, name).toBeLessThan(1e-5 * size);
    });
    dispose();
    expect(tf.memory().numTensors, name).toBe(before);
  }
  await backend.dispose();
});
