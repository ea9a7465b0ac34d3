import { dropoutFactor, NORMALIZERS, type Normalizer, type WeightedContextRequest } from '@heed/core';
import { describe, expect, test } from 'vitest';
import { expectClose } from '../test/close.js';
import { Random } from '../test/random.js';
import { allows } from '../test/reference.js';
import type { WeightedArrays } from './weighted-rows.js';
import { weightedBackward } from './weighted-backward.js';
import { weightedForward } from './weighted-forward.js';
import { Workspace } from './workspace.js';

const workspace = new Workspace();

function example(random: Random, overrides: Partial<WeightedContextRequest> = {}, magnitude = 2) {
  const request: WeightedContextRequest = {
    op: 'weightedContext',
    batch: 1,
    heads: 1,
    queries: 5,
    keys: 7,
    valueWidth: 3,
    normalizer: 'softmax',
    parameters: 0,
    mask: {},
    dropout: null,
    ...overrides,
  };
  const { batch: B, heads: H, queries: Tq, keys: Tk, valueWidth: Dv } = request;
  const arrays: WeightedArrays = {
    scores: random.floats(B * H * Tq * Tk, magnitude),
    value: random.floats(B * H * Tk * Dv),
  };
  return { request, arrays, dContext: random.floats(B * H * Tq * Dv), dWeights: random.floats(B * H * Tq * Tk) };
}

/** Weights of one row by bisection on what they must sum to; independent of any sorting. */
function referenceRow(normalizer: Normalizer, scores: readonly number[]): number[] {
  const highest = Math.max(...scores);
  const threshold = (weight: (x: number) => number, high: number): number[] => {
    let low = high - 1;
    for (let step = 0; step < 200; step++) {
      const middle = (low + high) / 2;
      if (scores.reduce((sum, z) => sum + weight(z - middle), 0) > 1) low = middle;
      else high = middle;
    }
    return scores.map((z) => weight(z - (low + high) / 2));
  };
  switch (normalizer) {
    case 'softmax': {
      const sum = scores.reduce((total, z) => total + Math.exp(z - highest), 0);
      return scores.map((z) => Math.exp(z - highest) / sum);
    }
    case 'sparsemax':
      return threshold((x) => Math.max(0, x), highest);
    case 'entmax15': {
      const halves = scores.map((z) => z / 2);
      const top = highest / 2;
      let low = top - 1;
      let high = top;
      for (let step = 0; step < 200; step++) {
        const middle = (low + high) / 2;
        if (halves.reduce((sum, z) => sum + Math.max(0, z - middle) ** 2, 0) > 1) low = middle;
        else high = middle;
      }
      return halves.map((z) => Math.max(0, z - low) ** 2);
    }
    case 'sigmoid':
      return scores.map((z) => 1 / (1 + Math.exp(-z)));
    case 'hard':
      return scores.map((_, n) => (n === scores.indexOf(highest) ? 1 : 0));
  }
}

function referenceForward({ request, arrays }: Pick<ReturnType<typeof example>, 'request' | 'arrays'>) {
  const { batch: B, heads: H, queries: Tq, keys: Tk, valueWidth: Dv } = request;
  const allowed = allows(request.mask, arrays.mask, request);
  const factor = request.dropout === null ? () => 1 : dropoutFactor(request.dropout);
  const weights = new Float64Array(B * H * Tq * Tk);
  const context = new Float64Array(B * H * Tq * Dv);
  for (let row = 0; row < B * H * Tq; row++) {
    const head = Math.floor(row / Tq);
    const attended = Array.from({ length: Tk }, (_, j) => j).filter((j) =>
      allowed(Math.floor(head / H), head % H, row % Tq, j),
    );
    if (attended.length === 0) continue;
    const normalized = referenceRow(
      request.normalizer as Normalizer,
      attended.map((j) => arrays.scores[row * Tk + j]),
    );
    attended.forEach((j, n) => {
      weights[row * Tk + j] = normalized[n];
      for (let d = 0; d < Dv; d++) {
        context[row * Dv + d] += normalized[n] * factor(row * Tk + j) * arrays.value[(head * Tk + j) * Dv + d];
      }
    });
  }
  return { weights, context };
}

describe.each(NORMALIZERS)('%s', (normalizer) => {
  test.each(Array.from({ length: 15 }, (_, seed) => seed))('agrees with its definition (seed %i)', (seed) => {
    const random = new Random(seed + 1);
    const [batch, heads] = [random.integer(1, 2), random.integer(1, 3)];
    const queries = random.pick(random.integer(1, 9), random.integer(50, 130));
    const keys = random.pick(random.integer(1, 9), random.integer(50, 130));
    const mask = random.mask(batch, heads, queries, keys);
    const dropout = random.pick(null, { rate: 0.4, seed });
    const valueWidth = random.integer(1, 20);
    const made = example(
      random,
      { batch, heads, queries, keys, valueWidth, normalizer, mask: mask.parts, dropout },
      random.pick(0.1, 2, 100),
    );
    const arrays = { ...made.arrays, ...(mask.dense && { mask: mask.dense }) };
    const expected = referenceForward({ ...made, arrays });
    const actual = weightedForward(arrays, made.request, workspace);
    expectClose(actual.weights, expected.weights, 'weights', 1e-6);
    expectClose(actual.context, expected.context, 'context', 1e-6);
  });

  test('its gradients are those of its definition, by central differences', () => {
    const made = example(new Random(77), {
      normalizer,
      keys: 6,
      queries: 4,
      mask: { lengths: Int32Array.of(5) },
      dropout: { rate: 0.3, seed: 1 },
    });
    const actual = weightedBackward({ ...made.arrays, ...made }, made.request, workspace);
    const loss = (arrays: WeightedArrays): number => {
      const { weights, context } = referenceForward({ request: made.request, arrays });
      return (
        weights.reduce((sum, w, n) => sum + w * made.dWeights[n], 0) +
        context.reduce((sum, c, n) => sum + c * made.dContext[n], 0)
      );
    };
    const differences = (name: 'scores' | 'value'): Float64Array =>
      Float64Array.from(made.arrays[name], (_, n) => {
        const moved = (step: number): number => {
          const values = Float64Array.from(made.arrays[name]);
          values[n] += step;
          return loss({ ...made.arrays, [name]: values as unknown as Float32Array });
        };
        return (moved(1e-5) - moved(-1e-5)) / 2e-5;
      });
    expectClose(actual.dScores, differences('scores'), 'dScores', 1e-5);
    expectClose(actual.dValue, differences('value'), 'dValue', 1e-5);
    if (normalizer === 'hard') expect(actual.dScores.every((x) => x === 0)).toBe(true);
  });

  test('masked NaN and ∞ reach nothing, and rows that attend to nothing are 0', () => {
    const mask = new Uint8Array(5 * 70).fill(1).fill(0, 70, 140);
    for (let i = 0; i < 5; i++) mask[i * 70 + 66] = 0;
    const made = example(new Random(5), { keys: 70, normalizer, mask: { dense: [1, 1, 5, 70] } });
    const arrays = { ...made.arrays, mask };
    const clean = {
      ...weightedForward(arrays, made.request, workspace),
      ...weightedBackward({ ...arrays, ...made }, made.request, workspace),
    };
    for (const poison of [NaN, Infinity, -Infinity]) {
      const poisoned = {
        ...arrays,
        scores: arrays.scores.map((s, n) => (mask[n] === 0 ? poison : s)),
        value: arrays.value.slice().fill(poison, 66 * 3, 67 * 3),
      };
      const dContext = made.dContext.slice().fill(NaN, 3, 6);
      const dWeights = made.dWeights.map((d, n) => (mask[n] === 0 ? NaN : d));
      const dirty = {
        ...weightedForward(poisoned, made.request, workspace),
        ...weightedBackward({ ...poisoned, dContext, dWeights }, made.request, workspace),
      };
      expectClose(dirty.weights, Float64Array.from(clean.weights), 'weights');
      expectClose(dirty.context, Float64Array.from(clean.context), 'context', 1e-6);
      expectClose(dirty.dScores, Float64Array.from(clean.dScores), 'dScores', 1e-6);
      expectClose(dirty.dValue, Float64Array.from(clean.dValue), 'dValue', 1e-6);
    }
    expect(clean.context.subarray(3, 6).every((x) => x === 0)).toBe(true);
    expect(clean.weights.subarray(70, 140).every((x) => x === 0)).toBe(true);
    expect(clean.dScores.subarray(70, 140).every((x) => x === 0)).toBe(true);
  });

  test('an attended NaN shows', () => {
    const made = example(new Random(6), { normalizer });
    const scores = made.arrays.scores.slice().fill(NaN, 2, 3);
    const { weights, context } = weightedForward({ ...made.arrays, scores }, made.request, workspace);
    const row = [...weights.subarray(0, 7)].map(Number.isNaN);
    expect(row).toEqual(normalizer === 'sigmoid' ? [false, false, true, false, false, false, false] : row.fill(true));
    expect(context.subarray(0, 3).every(Number.isNaN)).toBe(true);
    expect(context.subarray(3).every(Number.isFinite)).toBe(true);
    const value = made.arrays.value.slice().fill(NaN, 0, 1);
    const spoiled = weightedForward({ ...made.arrays, value }, made.request, workspace);
    expect([...spoiled.context].map(Number.isNaN)).toEqual([...spoiled.context].map((_, n) => n % 3 === 0));
  });
});

test('hard takes the first of equal maxima', () => {
  const { request, arrays } = example(new Random(8), { queries: 1, keys: 4, normalizer: 'hard' });
  const scores = Float32Array.of(1, 3, 3, 2);
  expect([...weightedForward({ ...arrays, scores }, request, workspace).weights]).toEqual([0, 1, 0, 0]);
});

test('sparsemax and entmax15 give exact zeros, also next to scores of −1e30', () => {
  for (const normalizer of ['sparsemax', 'entmax15'] as const) {
    const { request, arrays } = example(new Random(9), { queries: 1, keys: 4, normalizer });
    const { weights } = weightedForward({ ...arrays, scores: Float32Array.of(5, 5, -1e30, 2) }, request, workspace);
    expect([...weights]).toEqual([0.5, 0.5, 0, 0]);
  }
});

test('the gradient of sigmoid survives where its weight rounds to 1', () => {
  const { request, arrays } = example(new Random(10), { queries: 1, keys: 1, valueWidth: 1, normalizer: 'sigmoid' });
  const { dScores } = weightedBackward(
    { ...arrays, scores: Float32Array.of(20), dContext: Float32Array.of(0), dWeights: Float32Array.of(1) },
    request,
    workspace,
  );
  expect(dScores[0] / Math.exp(-20)).toBeCloseTo(1, 6);
});
