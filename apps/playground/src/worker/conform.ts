import { listCases, runConformance, type ConformanceReport } from '@heed/conformance';
import type { BackendFactory } from '@heed/core';
import type { SuiteProgress } from '../engine/jobs.js';
import { breathe } from './breathe.js';

/** Runs the conformance suite on a backend: the given groups, or all when none is given. Gradients of TensorFlow.js must be loaded. */
export async function conform(
  factory: BackendFactory,
  groups: readonly string[],
  report: (progress: SuiteProgress) => void,
  signal: AbortSignal,
): Promise<ConformanceReport> {
  const total = listCases().filter(({ group }) => groups.length === 0 || groups.includes(group)).length;
  let done = 0;
  return runConformance(factory, {
    ...(groups.length > 0 && { groups }),
    onCase: async ({ id, status }) => {
      report({ done: ++done, total, id, failed: status === 'failed' });
      await breathe();
      signal.throwIfAborted();
    },
  });
}
