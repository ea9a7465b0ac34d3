import { describe, expect, test } from 'vitest';
import type { CompareSetup } from '../engine/jobs.js';
import { compare } from './compare.js';

const SETUP: CompareSetup = {
  op: 'dotProductAttention',
  batch: 2,
  heads: 2,
  length: 12,
  width: 8,
  causal: true,
  gradients: true,
  seed: 3,
};

const run = (changes: Partial<CompareSetup>) =>
  compare({ ...SETUP, ...changes }, () => undefined, new AbortController().signal);

describe('compare', () => {
  test.each([
    ['dotProductAttention', ['context', 'weights', 'dQuery', 'dKey', 'dValue']],
    ['additiveAttention', ['context', 'weights', 'dQuery', 'dKey', 'dVector', 'dValue']],
  ] as const)('%s: every output of every backend is held against float64', async (op, outputs) => {
    const { rows, pairs, reference } = await run({ op });
    expect(reference).toMatchObject({ heads: 4, of: 4, weights: { shape: [12, 12] } });
    const here = rows.filter(({ unavailable }) => unavailable === null);
    expect(here.map(({ backend }) => backend)).toEqual(expect.arrayContaining(['wasm', 'cpu']));
    for (const { deviations, weights } of here) {
      expect(deviations.map(({ output }) => output)).toEqual(outputs);
      for (const { passed, ulps, allowedUlps } of deviations) {
        expect(passed).toBe(true);
        expect(allowedUlps).toBeGreaterThanOrEqual(16);
        expect(ulps).toBeLessThanOrEqual(allowedUlps);
      }
      // The reference's numbers are not those of any backend.
      const differs = [...reference.weights.data].some((value, n) => value !== weights.data[n]);
      expect(differs).toBe(true);
      weights.data.forEach((value, n) => expect(value).toBeCloseTo(reference.weights.data[n], 5));
    }
    expect(pairs[0]).toMatchObject({ a: 'wasm', b: 'cpu' });
    expect(pairs[0].differences.map(({ output }) => output)).toEqual(outputs);
  });

  test('of what is too large for the oracle the first heads are held against it', async () => {
    const { rows, pairs, reference } = await run({
      op: 'additiveAttention',
      batch: 4,
      heads: 2,
      length: 48,
      width: 64,
      causal: false,
    });
    expect(reference).toMatchObject({ heads: 4, of: 8 });
    for (const { deviations, unavailable } of rows) {
      if (unavailable !== null) continue;
      // dVector is missing: it is a sum over all heads, of which the oracle has only a part.
      expect(deviations.map(({ output }) => output)).toEqual(['context', 'weights', 'dQuery', 'dKey', 'dValue']);
      expect(deviations.every(({ passed }) => passed)).toBe(true);
    }
    expect(pairs[0].differences.map(({ output }) => output)).toContain('dVector');
  });
});
