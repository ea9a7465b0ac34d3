import { listCases, runConformance, type ConformanceReport } from '@heed/conformance';
import type { BackendName, Jobs } from '../engine/jobs.js';
import { breathe } from './breathe.js';
import { factoryOf, leaveBackend } from './session.js';

/** Runs the conformance suite on a backend: the given groups, or all when none is given. */
export async function conform(
  backend: BackendName,
  groups: readonly string[],
  report: (progress: Jobs['conform']['report']) => void,
  signal: AbortSignal,
): Promise<ConformanceReport> {
  await leaveBackend();
  const total = listCases().filter(({ group }) => groups.length === 0 || groups.includes(group)).length;
  let done = 0;
  return runConformance(await factoryOf(backend), {
    ...(groups.length > 0 && { groups }),
    onCase: async ({ id, status }) => {
      report({ done: ++done, total, id, failed: status === 'failed' });
      await breathe();
      signal.throwIfAborted();
    },
  });
}
