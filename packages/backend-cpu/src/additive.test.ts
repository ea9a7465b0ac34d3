import type { AdditiveAttentionRequest, MaskParts } from '@heed/core';
import { describe, expect, test } from 'vitest';
import { expectClose } from '../test/close.js';
import { Random } from '../test/random.js';
import { additiveReference, type Cotangents } from '../test/reference.js';
import { additiveBackward } from './additive-backward.js';
import { additiveForward } from './additive-forward.js';
import { AdditiveScores, type AdditiveArrays } from './additive-scores.js';
import { COLS, LEFT, ROWS } from './tile.js';
import { Workspace } from './workspace.js';

const workspace = new Workspace();

interface Example {
  readonly request: AdditiveAttentionRequest;
  readonly arrays: AdditiveArrays;
  readonly cotangents: Cotangents;
}

function example(random: Random, overrides: Partial<AdditiveAttentionRequest> = {}, magnitude = 1): Example {
  const request: AdditiveAttentionRequest = {
    op: 'additiveAttention',
    batch: 1,
    queries: 5,
    keys: 7,
    units: 6,
    valueWidth: 3,
    mask: {},
    dropout: null,
    scoreHook: null,
    maskHook: null,
    weightHook: null,
    returnWeights: true,
    ...overrides,
  };
  const { batch: B, queries: Tq, keys: Tk, units: U, valueWidth: Dv } = request;
  return {
    request,
    arrays: {
      query: random.floats(B * Tq * U, magnitude),
      key: random.floats(B * Tk * U, magnitude),
      vector: random.floats(U),
      value: random.floats(B * Tk * Dv),
    },
    cotangents: {
      dContext: random.floats(B * Tq * Dv),
      dLogSumExp: random.floats(B * Tq),
      ...(request.returnWeights && { dWeights: random.floats(B * Tq * Tk) }),
    },
  };
}

function run({ request, arrays, cotangents }: Example): Record<string, Float32Array> {
  const outputs = additiveForward(arrays, request, workspace);
  const gradients = additiveBackward({ ...arrays, ...outputs, ...cotangents }, request, workspace);
  return { ...outputs, ...gradients } as unknown as Record<string, Float32Array>;
}

/** The saved context and logSumExp are float32, which is what the tolerance of gradients leaves room for. */
function check(made: Example, tolerance = 3e-6): void {
  const expected = additiveReference(made.arrays, made.request, made.cotangents);
  const actual = run(made);
  for (const name of ['context', 'logSumExp', 'dQuery', 'dKey', 'dVector', 'dValue']) {
    expectClose(actual[name], expected[name], name, tolerance);
  }
  if (made.request.returnWeights) expectClose(actual.weights, expected.weights, 'weights', tolerance);
  else expect(actual.weights).toBeUndefined();
}

describe('agrees with the formulas', () => {
  test.each(Array.from({ length: 40 }, (_, seed) => seed))('a random example (seed %i)', (seed) => {
    const random = new Random(seed + 1);
    const batch = random.integer(1, 3);
    const queries = random.pick(random.integer(1, 9), random.integer(50, 130));
    const keys = random.pick(random.integer(1, 9), random.integer(50, 130));
    const mask = random.mask(batch, 1, queries, keys);
    const made = example(
      random,
      {
        batch,
        queries,
        keys,
        units: random.integer(1, 20),
        valueWidth: random.integer(1, 20),
        mask: mask.parts,
        dropout: random.pick(null, { rate: 0.3, seed: 12345 + seed }),
        returnWeights: random.pick(true, false),
      },
      random.pick(0.01, 1, 5, 30, 60, 400), // the last two are partly beyond the range of the powers
    );
    check({ ...made, arrays: { ...made.arrays, ...(mask.dense && { mask: mask.dense }) } });
  });

  test('scores of ±1e4', () => {
    const made = example(new Random(50), { queries: 9, keys: 70, units: 4 });
    check({ ...made, arrays: { ...made.arrays, vector: made.arrays.vector.map((v) => v * 1e4) } });
  });

  test('a sum near zero of terms beyond the range of the powers', () => {
    const made = example(new Random(51), { queries: 5, keys: 70 });
    check({
      ...made,
      arrays: {
        ...made.arrays,
        query: made.arrays.query.map((q) => Math.round(q * 8) / 8 + 1000),
        key: made.arrays.key.map((k) => Math.round(k * 8) / 8 - 1000),
      },
    });
  });
});

describe('tanh', () => {
  /** Scores of one query with unit vector [1] are tanh itself, before any rounding to float32. */
  function tanhTile(query: number, keys: Float32Array): (j: number) => number {
    const request = example(new Random(0), { queries: 1, keys: keys.length, units: 1 }).request;
    const arrays = { query: Float32Array.of(query), key: keys, vector: Float32Array.of(1), value: keys };
    const scores = new AdditiveScores(request, arrays, workspace, false);
    const tile = new Float64Array(ROWS * COLS);
    scores.useKeys(0, keys.length);
    scores.useQueries(0, 0, 1);
    scores.compute(tile, 0, keys.length);
    return (j) => tile[j * LEFT];
  }

  test.each([0, 1e-6, -0.3, 3, -18, 39.5, -39.5, 41, 150, -300, 1000, -3e38])(
    'is within 1e-15 around a query of %f',
    (query) => {
      const random = new Random(1);
      const near = random.floats(COLS, 2).map((x, j) => (j % 2 === 0 ? x : x - query));
      const far = random.floats(COLS, 80);
      for (const keys of [near, far]) {
        const tanh = tanhTile(query, keys);
        keys.forEach((key, j) => {
          expect(Math.abs(tanh(j) - Math.tanh(Math.fround(query) + key))).toBeLessThan(1e-15);
        });
      }
    },
  );
});

describe('what is not finite', () => {
  const j = 67;
  const masks: Record<string, { parts: MaskParts; dense?: Uint8Array }> = {
    lengths: { parts: { lengths: Int32Array.of(j) } },
    band: { parts: { band: { lower: Int32Array.of(-70), upper: Int32Array.of(-3) } } },
    dense: { parts: { dense: [1, 1, 1, 130] }, dense: new Uint8Array(130).fill(1).fill(0, j, j + 1) },
  };

  test.each(Object.keys(masks).flatMap((name) => [NaN, Infinity, -Infinity].map((value) => [value, name] as const)))(
    '%s in a key and value masked by %s reaches nothing',
    (poison, name) => {
      const { parts, dense } = masks[name];
      const made = example(new Random(3), { queries: 70, keys: 130, units: 6, mask: parts });
      const arrays = { ...made.arrays, ...(dense && { mask: dense }) };
      const clean = run({ ...made, arrays });
      const dirty = run({
        ...made,
        arrays: {
          ...arrays,
          key: arrays.key.slice().fill(poison, j * 6, (j + 1) * 6),
          value: arrays.value.slice().fill(poison, j * 3, (j + 1) * 3),
        },
      });
      for (const [output, values] of Object.entries(dirty)) {
        expectClose(values, Float64Array.from(clean[output]), output, 1e-6);
      }
      expect(dirty.dKey.subarray(j * 6, (j + 1) * 6).every((x) => x === 0)).toBe(true);
    },
  );

  test('an attended NaN shows', () => {
    const made = example(new Random(4), { queries: 5, keys: 70 });
    const key = made.arrays.key.slice().fill(NaN, 6, 7);
    expect(run({ ...made, arrays: { ...made.arrays, key } }).context.every(Number.isNaN)).toBe(true);
    const vector = made.arrays.vector.slice().fill(NaN, 0, 1);
    expect(run({ ...made, arrays: { ...made.arrays, vector } }).context.every(Number.isNaN)).toBe(true);
    const value = made.arrays.value.slice().fill(NaN, 3, 4);
    const { context, logSumExp } = run({ ...made, arrays: { ...made.arrays, value } });
    expect([...context].map(Number.isNaN)).toEqual([...context].map((_, n) => n % 3 === 0));
    expect(logSumExp.every(Number.isFinite)).toBe(true);
  });

  test('infinite queries saturate tanh', () => {
    const made = example(new Random(5));
    check({ ...made, arrays: { ...made.arrays, query: made.arrays.query.map((q) => q * Infinity) } });
  });

  test('a fully masked row sends no gradient', () => {
    const made = example(new Random(6), { batch: 2, mask: { lengths: Int32Array.of(0, 7) } });
    const actual = run({
      ...made,
      cotangents: { ...made.cotangents, dContext: made.cotangents.dContext.slice().fill(NaN, 0, 15) },
    });
    expect(actual.logSumExp.subarray(0, 5).every((x) => x === -Infinity)).toBe(true);
    for (const values of [actual.context.subarray(0, 15), actual.dQuery.subarray(0, 30), actual.dKey.subarray(0, 42)]) {
      expect(values.every((x) => x === 0)).toBe(true);
    }
    expect(actual.dVector.every(Number.isFinite)).toBe(true);
  });
});

test('the same inputs give the same bits, whatever ran before', () => {
  const made = example(new Random(7), { batch: 2, queries: 70, keys: 70 });
  const bits = (): string[] => Object.values(run(made)).map((x) => Buffer.from(x.buffer).toString('base64'));
  const first = bits();
  run(example(new Random(8), { queries: 130, keys: 99, units: 30 }, NaN));
  expect(bits()).toEqual(first);
});
