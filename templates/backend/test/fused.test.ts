import { runConformance } from '@heed/conformance';
import { assert, describe, it } from 'vitest';
import { yourBackend } from '../src/index.js';

/**
 * Ops that this backend should fuse, each with the group of cases that shows it. An op fails here until its kernels take every case
 * of the group. Remove an op from this list if it should stay composed.
 */
const MEANT = {
  weightedContext: 'normalizers',
  dotProductAttention: 'shapes',
  additiveAttention: 'additive',
} as const;

describe('what is left to do', () => {
  it.each(Object.entries(MEANT))('fuse %s', { timeout: 60_000 }, async (op, group) => {
    const { cases } = await runConformance(yourBackend(), { groups: [group] });
    const composed = cases.filter(({ path }) => path !== 'fused');
    if (composed.length === 0) return;
    const reasons = [...new Set(composed.flatMap((result) => result.reasons ?? []))];
    assert.fail(
      `${composed.length} of ${cases.length} cases of '${group}' run composed: ${reasons.join('; ')}.\n` +
        `Next: write ${op} in src/kernels.ts, forward and backward, and declare what it takes in src/your-backend.ts. ` +
        `What only the backend can know, such as the largest texture, it says in unsupportedReasons().`,
    );
  });
});
