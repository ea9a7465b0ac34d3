import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { MUTANTS } from '../../packages/conformance/src/mutants/index.js';
import { mutantBackend } from '../../packages/conformance/src/mutants/mutant.js';
import { runConformance } from '../../packages/conformance/src/run-conformance.js';
import { load } from '../../packages/conformance/test/engine.js';

// Some mutants register a kernel twice, about which TensorFlow.js warns.
beforeAll(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}));
afterAll(() => void vi.restoreAllMocks());

describe('the suite notices backends that are broken on purpose', () => {
  it('there are at least 30, of different names', () => {
    expect(new Set(MUTANTS.map(({ id }) => id)).size).toBe(MUTANTS.length);
    expect(MUTANTS.length).toBeGreaterThanOrEqual(30);
  });

  it.each(MUTANTS)('$id: fails $group', { timeout: 60_000 }, async (mutant) => {
    const { group, reason, spares } = mutant;
    const { cases } = await runConformance(mutantBackend(mutant, load), { groups: [group, ...spares] });
    const failures = cases
      .filter(({ status }) => status === 'failed')
      .flatMap(({ id, message }) => message!.split('\n').map((line) => `${id}: ${line}`));
    expect(failures).toContainEqual(expect.stringMatching(reason));
    expect(failures.filter((failure) => spares.some((spared) => failure.startsWith(`${spared}/`)))).toEqual([]);
  });
});
