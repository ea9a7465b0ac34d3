import { runConformance } from '@heed/conformance';
import type { BackendFactory } from '@heed/core';

/** Groups of the suite, what differs between devices first: NaN, infinities and large numbers, then masks and shapes of tiles. */
const GROUPS = ['non-finite', 'large logits', 'outputs', 'heads', 'bias', 'dropout', 'additive', 'shapes', 'masks'];

export interface GroupResult {
  readonly group: string;
  readonly passed: number;
  readonly failed: number;
  /** Ids of the cases that failed. */
  readonly failures: readonly string[];
}

/** Holds the backend against the oracle, group by group, until the time is over. */
export async function correctness(
  factory: BackendFactory,
  until: number,
  tell: (result: GroupResult) => void,
): Promise<readonly GroupResult[]> {
  const results: GroupResult[] = [];
  for (const group of GROUPS) {
    if (performance.now() > until) break;
    const failures: string[] = [];
    const { totals } = await runConformance(factory, {
      groups: [group],
      onCase: ({ id, status }) => status === 'failed' && failures.push(id),
    });
    results.push({ group, passed: totals.passed, failed: totals.failed, failures });
    tell(results.at(-1)!);
  }
  return results;
}
