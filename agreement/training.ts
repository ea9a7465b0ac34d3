import { cpu } from '@heed/backend-cpu';
import type { BackendFactory } from '@heed/core';
import { it } from 'vitest';
import { RUNS, STEPS, expectSameCurves } from './training-runs.js';

/** Tests, one for each kind of model, that a training has the same curve as on the cpu backend. */
export function testTraining(factory: BackendFactory, runs = RUNS): void {
  it.each(runs)(
    `${STEPS} steps of training, %s: ${factory.name} gives the curve of cpu`,
    { timeout: 300_000 },
    (_, run) =>
      expectSameCurves(run, [
        ['cpu', cpu()],
        [factory.name, factory],
      ]),
  );
}
