import '@tensorflow/tfjs'; // gradients of TensorFlow.js's own ops
import { MECHANISM_KINDS, definitionOf } from '@heed/attention';
import { composed, type BackendFactory } from '@heed/core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { mechanismGroup, type Group } from '../../packages/conformance/src/case.js';
import { mechanisms } from '../../packages/conformance/src/cases/mechanisms.js';
import { MUTANTS } from '../../packages/conformance/src/mutants/index.js';
import { MECHANISM_MUTANTS } from '../../packages/conformance/src/mutants/mechanisms.js';
import { mutantBackend } from '../../packages/conformance/src/mutants/mutant.js';
import type { CaseResult } from '../../packages/conformance/src/report.js';
import { listCases, runConformance } from '../../packages/conformance/src/run-conformance.js';
import { runMechanism } from '../../packages/conformance/src/run/mechanism.js';
import { Session } from '../../packages/conformance/src/run/session.js';
import { load } from '../../packages/conformance/test/engine.js';

// Some mutants register a kernel twice, about which TensorFlow.js warns.
beforeAll(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}));
afterAll(() => void vi.restoreAllMocks());

describe('the suite notices backends that are broken on purpose', () => {
  it('there are at least 30, of different names', () => {
    expect(new Set(MUTANTS.map(({ id }) => id)).size).toBe(MUTANTS.length);
    expect(MUTANTS.length).toBeGreaterThanOrEqual(30);
  });

  it.each(MUTANTS)('$id: fails $group', async (mutant) => {
    const { group, reason, spares } = mutant;
    const backend = mutantBackend(mutant, load);
    expect(await failures(backend, [group], reason)).toContainEqual(expect.stringMatching(reason));
    expect(await failures(backend, spares, undefined, some(spares))).toEqual([]);
  });
});

describe('the suite notices mechanisms that are wrong on purpose', () => {
  let session: Session;
  beforeAll(async () => {
    session = await Session.open(composed({ engine: 'cpu', load }));
  });
  afterAll(() => session.close());

  it('there is one of every kind', () => {
    expect([...new Set(MECHANISM_MUTANTS.map(({ kind }) => kind))].toSorted()).toEqual(MECHANISM_KINDS.toSorted());
  });

  it.each(MECHANISM_MUTANTS)('$kind: $what', async ({ kind, reason, change }) => {
    const right = definitionOf('mutant', { kind });
    const wrong = { ...right, ...change(right) };
    const group = mechanismGroup(kind);
    const lines: string[] = [];
    for (const one of mechanisms.filter((one) => one.group === group)) {
      const { failures } = await runMechanism(one, session, { mechanisms: [wrong] });
      lines.push(...failures.map((line) => `${one.id.slice(group.length + 1)}: ${line}`));
      if (lines.some((line) => reason.test(line))) break;
    }
    expect(lines).toContainEqual(expect.stringMatching(reason));
  });
});

/** A few cases of each group, from all of it: a backend that is wrong where it should be right is so in most of them. */
const some = (groups: readonly Group[]): readonly string[] =>
  groups.flatMap((group) => {
    const ids = listCases().flatMap((one) => (one.group === group ? [one.id] : []));
    return ids.filter((_, n) => n % Math.ceil(ids.length / FEW) === 0);
  });
const FEW = 8;

/** What fails in some groups of cases, line by line, after the id of the case; no more is run once a line is as `wanted` says. */
async function failures(
  backend: BackendFactory,
  groups: readonly Group[],
  wanted?: RegExp,
  cases?: readonly string[],
): Promise<string[]> {
  const lines: string[] = [];
  const found = new Error('what was wanted has failed');
  const onCase = ({ id, status, message }: CaseResult): void => {
    if (status !== 'failed') return;
    lines.push(...message!.split('\n').map((line) => `${id}: ${line}`));
    if (wanted !== undefined && lines.some((line) => wanted.test(line))) throw found;
  };
  await runConformance(backend, { groups, onCase, ...(cases && { cases }) }).catch((error: unknown) => {
    if (error !== found) throw error;
  });
  return lines;
}
