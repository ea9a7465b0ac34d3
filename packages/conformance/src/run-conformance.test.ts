import * as tf from '@tensorflow/tfjs-core';
import { HeedError, activeBackend } from '@heed/core';
import { MODEL_OPS } from '@heed/core/model-ops';
import { describe, expect, it } from 'vitest';
import { load } from '../test/engine.js';
import { GROUPS } from './case.js';
import { CASES } from './cases/index.js';
import { MUTANTS } from './mutants/index.js';
import { mutantBackend } from './mutants/mutant.js';
import { referenceBackend } from './reference-backend.js';
import type { CaseResult } from './report.js';
import { listCases, runConformance, selectCases } from './run-conformance.js';

const reference = referenceBackend({ load });
const broken = mutantBackend(
  MUTANTS.find(({ id }) => id === 'soft cap ignored')!,
  load,
);

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return HeedError.isInstance(error) ? error.code : String(error);
  }
}

describe('the cases', () => {
  it('have unique, readable ids that begin with their group', () => {
    expect(new Set(CASES.map(({ id }) => id)).size).toBe(CASES.length);
    for (const { id, group } of CASES) {
      expect(id.startsWith(`${group}/`)).toBe(true);
      expect(id.slice(group.length)).toMatch(/^[\w/+.-]+$/);
    }
  });

  it('fill every group', () => {
    expect(new Set(CASES.map(({ group }) => group))).toEqual(new Set(Object.keys(GROUPS)));
  });

  it('hold every model op', () => {
    const ops = CASES.flatMap((one) => (one.kind === 'model' ? [one.example.op] : []));
    expect(new Set(ops)).toEqual(new Set(Object.keys(MODEL_OPS)));
    for (const op of new Set(ops))
      expect(
        MUTANTS.filter(({ id }) => id.startsWith(`${op}: `)),
        op,
      ).not.toEqual([]);
  });

  it('are plain data', () => {
    const withoutNumbers = (text: string): string => text.replaceAll('null', '0');
    const copies = CASES.map((one) => JSON.parse(JSON.stringify(one)) as unknown);
    expect(withoutNumbers(JSON.stringify(copies))).toBe(withoutNumbers(JSON.stringify(CASES)));
    expect(CASES.flatMap((one) => Object.values(one)).some((value) => typeof value === 'function')).toBe(false);
  });

  it('are listed', () => {
    expect(listCases()).toHaveLength(CASES.length);
    expect(listCases()[0]).toEqual({ id: CASES[0].id, group: CASES[0].group });
  });
});

describe('choosing', () => {
  it('by group, by id, by both', () => {
    expect(new Set(selectCases({ groups: ['heads', 'empty'] }).map(({ group }) => group))).toEqual(
      new Set(['heads', 'empty']),
    );
    expect(selectCases({ cases: ['heads/dot/hq4-hk2'] }).map(({ id }) => id)).toEqual(['heads/dot/hq4-hk2']);
    expect(selectCases({ groups: ['empty'], cases: ['heads/dot/hq4-hk2'] })).toEqual([]);
    expect(selectCases({})).toHaveLength(CASES.length);
  });

  it('an unknown name is an error, also among the known failures', async () => {
    expect(codeOf(() => selectCases({ groups: ['mask'] }))).toBe('UNKNOWN_NAME');
    expect(codeOf(() => selectCases({ cases: ['heads/dot/hq4-hk3'] }))).toBe('UNKNOWN_NAME');
    expect(codeOf(() => selectCases({ knownFailures: { 'heads/dot/hq4-hk22': 'typo' } }))).toBe('UNKNOWN_NAME');
    await expect(runConformance(reference, { groups: ['mask'] })).rejects.toMatchObject({ code: 'UNKNOWN_NAME' });
  });

  it('suggests ids that begin alike', () => {
    expect(() => selectCases({ cases: ['heads/dot/hq4-hk3'] })).toThrow(/near it: heads\/dot\/hq4-hk/);
  });
});

describe('runConformance', () => {
  it('waits for onCase, and ends with what it throws, the backend disposed', async () => {
    let seen = 0;
    const onCase = async (): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      if (++seen === 3) throw new Error('enough');
    };
    await expect(runConformance(reference, { groups: ['heads'], onCase })).rejects.toThrow('enough');
    expect(seen).toBe(3);
    expect(activeBackend()?.name).not.toBe('reference');
  });

  it('reports every case in plain JSON', async () => {
    const seen: CaseResult[] = [];
    const report = await runConformance(reference, { groups: ['heads'], onCase: (result) => seen.push(result) });
    expect(report).toMatchObject({ schemaVersion: 1, backend: 'reference', engine: 'cpu', floor: 'float32' });
    expect(report.versions).toMatchObject({ spec: 1, tensorflow: '4.22.0' });
    expect(report.cases).toEqual(seen);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    const first = report.cases[0];
    expect(first).toMatchObject({ id: 'heads/dot/hq4-hk4', status: 'passed', path: 'fused' });
    expect(first.outputs.map(({ name }) => name)).toEqual([
      'context',
      'weights',
      'logSumExp',
      'dQuery',
      'dKey',
      'dValue',
    ]);
    for (const { ulps, error, naiveUlps, bound } of first.outputs) {
      expect(ulps).toBeGreaterThan(0); // float32 results aren't exact
      expect(ulps).toBeLessThan(1);
      expect(error).toBeLessThan(bound);
      expect(naiveUlps).toBeGreaterThan(0);
    }
    const { totals } = report;
    expect(totals).toMatchObject({
      cases: seen.length,
      passed: seen.length,
      failed: 0,
      fused: seen.length,
      composed: 0,
    });
  });

  it('leaves nothing behind: no backend, no tensor, the engine as it was', async () => {
    await load();
    await tf.setBackend('cpu');
    const before = tf.memory().numTensors;
    await runConformance(reference, { groups: ['outputs', 'leaks', 'errors'] });
    expect(tf.memory().numTensors).toBe(before);
    expect(tf.getBackend()).toBe('cpu');
    expect(activeBackend()).toBeUndefined();
  });

  it('a known failure still runs, and must still fail', async () => {
    const cases = ['scale/dot/cap1', 'scale/dot/scale2'];
    const report = await runConformance(broken, {
      cases,
      knownFailures: { 'scale/dot/cap1': 'no cap yet', 'scale/dot/scale2': 'no scale yet' },
    });
    const [scaled, capped] = ['scale/dot/scale2', 'scale/dot/cap1'].map((id) =>
      report.cases.find((one) => one.id === id)!,
    );
    expect(capped).toMatchObject({ status: 'known failure', message: expect.stringMatching(/^no cap yet: context\[/) });
    expect(scaled).toMatchObject({ status: 'failed', message: expect.stringContaining('take it off the list') });
    expect(report.totals).toMatchObject({ knownFailures: 1, failed: 1, passed: 0 });
  });

  it('says which result is off, and by how much', async () => {
    const { cases } = await runConformance(broken, { cases: ['scale/dot/cap1'] });
    expect(cases[0]).toMatchObject({ status: 'failed' });
    expect(cases[0].message).toMatch(
      /^context\[\d,\d,\d,\d\] is .*, expected .*: off by .* ulps\), allowed .* \(\d+ of|fail$/m,
    );
    expect(cases[0].outputs[0]).toMatchObject({ name: 'context', passed: false });
  });

  it('skips only what the capabilities rule out, and counts it', async () => {
    const changing = referenceBackend({
      load,
      change: ({ capabilities }) => ({ capabilities: { ...capabilities, deterministic: false } }),
    });
    const { totals, cases } = await runConformance(changing, { groups: ['determinism'] });
    expect(totals).toMatchObject({ skipped: cases.length, passed: 0, failed: 0 });
    expect(cases[0].message).toBe('capabilities.deterministic is false');
  });

  it('a backend that cannot run is an error, not a skip', async () => {
    const absent = { ...reference, unavailableReasons: () => Promise.resolve(['no such device']) };
    await expect(runConformance(absent)).rejects.toMatchObject({ code: 'BACKEND_UNAVAILABLE' });
  });

  it('what a kernel throws is the failure of its case', async () => {
    const throwing = referenceBackend({
      load,
      change: ({ kernels }) => ({
        kernels: {
          ...kernels,
          additiveAttention: {
            forward: () => {
              throw new Error('out of registers');
            },
            backward: kernels.additiveAttention!.backward,
          },
        },
      }),
    });
    const { cases } = await runConformance(throwing, { cases: ['additive/base', 'heads/dot/hq4-hk2'] });
    expect(cases.find(({ id }) => id === 'additive/base')).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('out of registers'),
    });
    expect(cases.find(({ id }) => id === 'heads/dot/hq4-hk2')).toMatchObject({ status: 'passed' });
  });
});
