import { dropoutFactor, type BiasParts, type DotProductAttentionRequest } from '@heed/core';
import { describe, expect, test } from 'vitest';
import { expectClose } from '../test/close.js';
import { Random } from '../test/random.js';
import { dotProductReference, type Cotangents } from '../test/reference.js';
import { dotProductBackward } from './dot-product-backward.js';
import { dotProductForward } from './dot-product-forward.js';
import type { DotProductArrays } from './dot-product-scores.js';
import { Workspace } from './workspace.js';

const workspace = new Workspace();

interface Example {
  readonly request: DotProductAttentionRequest;
  readonly arrays: DotProductArrays;
  readonly cotangents: Cotangents;
}

function example(random: Random, overrides: Partial<DotProductAttentionRequest> = {}, magnitude = 1): Example {
  const request: DotProductAttentionRequest = {
    op: 'dotProductAttention',
    batch: 1,
    heads: 1,
    keyHeads: 1,
    queries: 5,
    keys: 7,
    width: 6,
    valueWidth: 3,
    scale: 0.4,
    softCap: null,
    mask: {},
    bias: {},
    dropout: null,
    scoreHook: null,
    maskHook: null,
    weightHook: null,
    returnWeights: true,
    ...overrides,
  };
  const { batch: B, heads: H, keyHeads: Hk, queries: Tq, keys: Tk, width: D, valueWidth: Dv } = request;
  return {
    request,
    arrays: {
      query: random.floats(B * H * Tq * D, magnitude),
      key: random.floats(B * Hk * Tk * D, magnitude),
      value: random.floats(B * Hk * Tk * Dv),
    },
    cotangents: {
      dContext: random.floats(B * H * Tq * Dv),
      dLogSumExp: random.floats(B * H * Tq),
      ...(request.returnWeights && { dWeights: random.floats(B * H * Tq * Tk) }),
    },
  };
}

/** Runs both passes and holds every output and gradient against the reference. */
function check({ request, arrays, cotangents }: Example, tolerance = 1e-6): void {
  const expected = dotProductReference(arrays, request, cotangents);
  const outputs = dotProductForward(arrays, request, workspace);
  expectClose(outputs.context, expected.context, 'context', tolerance);
  expectClose(outputs.logSumExp, expected.logSumExp, 'logSumExp', tolerance);
  if (request.returnWeights) expectClose(outputs.weights, expected.weights, 'weights', tolerance);
  else expect(outputs.weights).toBeUndefined();
  const gradients = dotProductBackward({ ...arrays, ...outputs, ...cotangents }, request, workspace);
  expectClose(gradients.dQuery, expected.dQuery, 'dQuery', tolerance);
  expectClose(gradients.dKey, expected.dKey, 'dKey', tolerance);
  expectClose(gradients.dValue, expected.dValue, 'dValue', tolerance);
  if (arrays.bias) expectClose(gradients.dBias, expected.dBias, 'dBias', tolerance);
  if (arrays.table) expectClose(gradients.dTable, expected.dTable, 'dTable', tolerance);
}

const causal = (batch: number, queries: number): { lower: Int32Array; upper: Int32Array } => ({
  lower: new Int32Array(batch).fill(-queries),
  upper: new Int32Array(batch),
});

describe('agrees with the formulas', () => {
  test('plain, at sizes around the panel and the block', () => {
    for (const queries of [1, 3, 4, 5, 63, 64, 65]) {
      for (const keys of [1, 4, 63, 64, 65, 130]) {
        const random = new Random(queries * 1000 + keys);
        check(example(random, { queries, keys, width: 5, valueWidth: 7, returnWeights: keys % 2 === 0 }));
      }
    }
  });

  test('one wide head', () => {
    check(example(new Random(1), { queries: 3, keys: 9, width: 300, valueWidth: 301, scale: 300 ** -0.5 }));
  });

  test('grouped heads are adjacent', () => {
    check(example(new Random(2), { batch: 2, heads: 6, keyHeads: 2, queries: 5, keys: 9 }));
  });

  test.each(Array.from({ length: 60 }, (_, seed) => seed))('a random example (seed %i)', (seed) => {
    const random = new Random(seed + 1);
    const keyHeads = random.integer(1, 2);
    const heads = keyHeads * random.integer(1, 3);
    const batch = random.integer(1, 3);
    const queries = random.pick(random.integer(1, 20), random.integer(50, 140));
    const keys = random.pick(random.integer(1, 20), random.integer(50, 140));
    const mask = random.mask(batch, heads, queries, keys);
    const offsets = Int32Array.from({ length: batch }, () => random.integer(-3, 3));
    const reach = random.integer(0, 9);
    const tableHeads = random.pick(1, heads);
    const biasShape = random.broadcastShape([batch, heads, queries, keys]);
    const bias: BiasParts = {
      ...(random.next() < 0.3 && { dense: biasShape }),
      ...(random.next() < 0.3 && { alibi: { slopes: random.floats(heads, 0.5), offsets } }),
      ...(random.next() < 0.3 && { relative: { heads: tableHeads, reach, offsets } }),
    };
    const made = example(random, {
      batch,
      heads,
      keyHeads,
      queries,
      keys,
      width: random.integer(1, 19),
      valueWidth: random.integer(1, 19),
      softCap: random.pick(null, 1.5),
      mask: mask.parts,
      bias,
      dropout: random.pick(null, { rate: 0.3, seed: 12345 + seed }),
      returnWeights: random.pick(true, false),
    });
    const biasValues = random.floats(biasShape.reduce((size, n) => size * n, 1));
    for (let n = 0; n < biasValues.length; n += 5) biasValues[n] = -Infinity;
    check({
      ...made,
      arrays: {
        ...made.arrays,
        ...(mask.dense && { mask: mask.dense }),
        ...(bias.dense && { bias: biasValues }),
        ...(bias.relative && { table: random.floats(tableHeads * (2 * reach + 1)) }),
      },
    });
  });
});

describe('large logits', () => {
  // Saved logSumExp of 1e4 has an error of 5e-4 in float32, so the backward pass must find it again.
  test.each([true, false])('of ±1e4 (weights returned: %s)', (returnWeights) => {
    const made = example(new Random(5), { queries: 20, keys: 70, width: 8, scale: 1, returnWeights }, 40);
    const [low, high] = [-1, 1].map((sign) => made.arrays.query.map((q) => Math.sign(q) * sign * 40));
    for (const query of [low, high, made.arrays.query]) check({ ...made, arrays: { ...made.arrays, query } });
  });

  test('shared by all keys, where the differences are small', () => {
    const made = example(new Random(6), { queries: 9, keys: 70, width: 2, scale: 1, returnWeights: false });
    const query = made.arrays.query.map((q, n) => (n % 2 === 0 ? 1e4 : q));
    const key = made.arrays.key.map((k, n) => (n % 2 === 0 ? 1 : k));
    check({ ...made, arrays: { ...made.arrays, query, key } });
  });

  // Sums are longer than float32, and yet the answer is that of the backends whose sums aren't.
  test('that no longer fit in float32 are infinite: +∞ makes the row NaN, −∞ takes no part', () => {
    const made = example(new Random(7), { queries: 2, keys: 3, width: 1, scale: 1 });
    const outputs = dotProductForward(
      { ...made.arrays, query: Float32Array.of(3e38, -3e38), key: Float32Array.of(3e38, 1e38, -3e38) },
      made.request,
      workspace,
    );
    expect([...outputs.weights!]).toEqual([NaN, NaN, 0, 0, 0, NaN]);
  });
});

describe('fully masked rows', () => {
  test('give context 0, weights 0, logSumExp −∞ and no gradient, whatever they hold', () => {
    const made = example(new Random(8), { batch: 2, queries: 66, keys: 70, mask: { lengths: Int32Array.of(0, 70) } });
    const poisoned = made.arrays.query.slice().fill(NaN, 0, 66 * 6);
    const dContext = made.cotangents.dContext.slice().fill(NaN, 0, 66 * 3);
    const arrays = { ...made.arrays, query: poisoned };
    const outputs = dotProductForward(arrays, made.request, workspace);
    expect(outputs.context.subarray(0, 66 * 3).every((x) => x === 0)).toBe(true);
    expect(outputs.logSumExp.subarray(0, 66).every((x) => x === -Infinity)).toBe(true);
    expect(outputs.weights!.subarray(0, 66 * 70).every((x) => x === 0)).toBe(true);
    const gradients = dotProductBackward(
      { ...arrays, ...outputs, ...made.cotangents, dContext },
      made.request,
      workspace,
    );
    expect(gradients.dQuery.subarray(0, 66 * 6).every((x) => x === 0)).toBe(true);
    expect(gradients.dKey.subarray(0, 70 * 6).every((x) => x === 0)).toBe(true);
    expect(gradients.dValue.subarray(0, 70 * 3).every((x) => x === 0)).toBe(true);
    expect(gradients.dKey.subarray(70 * 6).some((x) => x !== 0)).toBe(true);
  });

  test('by a dense mask, in the middle of a tile', () => {
    const mask = new Uint8Array(5 * 7).fill(1).fill(0, 7, 14);
    const made = example(new Random(9), { mask: { dense: [1, 1, 5, 7] } });
    const dContext = made.cotangents.dContext.slice().fill(NaN, 3, 6);
    const arrays = { ...made.arrays, mask };
    const outputs = dotProductForward(arrays, made.request, workspace);
    expect(outputs.logSumExp[1]).toBe(-Infinity);
    const gradients = dotProductBackward(
      { ...arrays, ...outputs, ...made.cotangents, dContext },
      made.request,
      workspace,
    );
    for (const gradient of [gradients.dQuery, gradients.dKey, gradients.dValue]) {
      expect(gradient.every(Number.isFinite)).toBe(true);
    }
  });

  test('whose scores are all −∞ count as one', () => {
    const { request, arrays, cotangents } = example(new Random(10), { width: 1 });
    const negative = { ...arrays, query: arrays.query.map(() => 1), key: arrays.key.map(() => -Infinity) };
    const outputs = dotProductForward(negative, request, workspace);
    expect(outputs.logSumExp.every((x) => x === -Infinity)).toBe(true);
    expect(outputs.context.every((x) => x === 0)).toBe(true);
    const gradients = dotProductBackward({ ...negative, ...outputs, ...cotangents }, request, workspace);
    for (const gradient of Object.values(gradients)) expect(gradient?.every((x: number) => x === 0) ?? true).toBe(true);
  });
});

describe('what is not finite', () => {
  const keys = 130;
  const width = 6;
  /** Key j and value j are masked for every query, in each way there is. */
  const masks: Record<string, (made: Example, j: number) => Example> = {
    lengths: (made) => ({ ...made, request: { ...made.request, mask: { lengths: Int32Array.of(67) } } }),
    band: (made) => ({
      ...made,
      request: { ...made.request, mask: { band: { lower: Int32Array.of(-70), upper: Int32Array.of(-3) } } },
    }),
    dense: (made, j) => ({
      request: { ...made.request, mask: { dense: [1, 1, 1, keys] } },
      arrays: { ...made.arrays, mask: new Uint8Array(keys).fill(1).fill(0, j, j + 1) },
      cotangents: made.cotangents,
    }),
    segments: (made, j) => ({
      ...made,
      request: {
        ...made.request,
        mask: { segments: { query: new Int32Array(70), key: new Int32Array(keys).fill(1, j, j + 1) } },
      },
    }),
    'a bias of −∞': (made, j) => ({
      request: { ...made.request, bias: { dense: [1, 1, 1, keys] } },
      arrays: { ...made.arrays, bias: new Float32Array(keys).fill(-Infinity, j, j + 1) },
      cotangents: made.cotangents,
    }),
  };

  test.each(Object.keys(masks).flatMap((name) => [NaN, Infinity, -Infinity].map((value) => [value, name] as const)))(
    '%s in a key and value masked by %s reaches nothing',
    (poison, name) => {
      const j = 67;
      const made = masks[name](
        example(new Random(11), { queries: 70, keys, width, softCap: name === 'dense' ? 2 : null }),
        j,
      );
      const clean = run(made);
      const dirty = run({
        ...made,
        arrays: {
          ...made.arrays,
          key: made.arrays.key.slice().fill(poison, j * width, (j + 1) * width),
          value: made.arrays.value.slice().fill(poison, j * 3, (j + 1) * 3),
        },
      });
      // Sums in the slow form run in another order, so the last bit may differ.
      for (const [output, values] of Object.entries(dirty)) {
        expectClose(values, Float64Array.from(clean[output]), output, 1e-6);
      }
      expect(dirty.dKey.subarray(j * width, (j + 1) * width).every((x) => x === 0)).toBe(true);
    },
  );

  test('an attended NaN shows: in a key in all rows, in a value in its column', () => {
    const made = example(new Random(12), { queries: 5, keys, width });
    const key = made.arrays.key.slice().fill(NaN, 67 * width, 67 * width + 1);
    const spoiled = dotProductForward({ ...made.arrays, key }, made.request, workspace);
    expect(spoiled.context.every(Number.isNaN)).toBe(true);
    expect(spoiled.logSumExp.every(Number.isNaN)).toBe(true);
    const value = made.arrays.value.slice().fill(NaN, 67 * 3 + 1, 67 * 3 + 2);
    const { context } = dotProductForward({ ...made.arrays, value }, made.request, workspace);
    expect([...context].map(Number.isNaN)).toEqual([...context].map((_, n) => n % 3 === 1));
  });

  test('a NaN that only some rows attend to spoils only those', () => {
    const made = example(new Random(13), { queries: 10, keys: 10, width, mask: { band: causal(1, 10) } });
    const key = made.arrays.key.slice().fill(NaN, 6 * width, 7 * width);
    const value = made.arrays.value.slice().fill(NaN, 6 * 3, 7 * 3);
    const { context, weights } = dotProductForward({ ...made.arrays, key, value }, made.request, workspace);
    for (let i = 0; i < 10; i++) {
      expect(context.subarray(i * 3, (i + 1) * 3).every(i < 6 ? Number.isFinite : Number.isNaN)).toBe(true);
      for (let j = i + 1; j < 10; j++) expect(weights![i * 10 + j]).toBe(0);
    }
  });

  function run({ request, arrays, cotangents }: Example): Record<string, Float32Array> {
    const outputs = dotProductForward(arrays, request, workspace);
    const { dQuery, dKey, dValue } = dotProductBackward({ ...arrays, ...outputs, ...cotangents }, request, workspace);
    return { context: outputs.context, logSumExp: outputs.logSumExp, weights: outputs.weights!, dQuery, dKey, dValue };
  }
});

test('returned weights are before dropout, and the context after it', () => {
  const dropout = { rate: 0.5, seed: 3 };
  const { request, arrays } = example(new Random(14), { queries: 6, keys: 80, dropout });
  const { context, weights } = dotProductForward(arrays, request, workspace);
  const factor = dropoutFactor(dropout);
  for (let i = 0; i < 6; i++) {
    let total = 0;
    let first = 0;
    for (let j = 0; j < 80; j++) {
      total += weights![i * 80 + j];
      first += weights![i * 80 + j] * factor(i * 80 + j) * arrays.value[j * 3];
    }
    expect(total).toBeCloseTo(1, 5);
    expect(context[i * 3]).toBeCloseTo(first, 5);
  }
});

test('the same inputs give the same bits, whatever ran before', () => {
  const made = example(new Random(15), { heads: 2, queries: 70, keys: 70, mask: { band: causal(1, 70) } });
  const bits = (space: Workspace): string => {
    const outputs = dotProductForward(made.arrays, made.request, space);
    const gradients = dotProductBackward({ ...made.arrays, ...outputs, ...made.cotangents }, made.request, space);
    return [...Object.values(outputs), ...Object.values(gradients)]
      .map((x: Float32Array | undefined) => x && Buffer.from(x.buffer).toString('base64'))
      .join();
  };
  const first = bits(workspace);
  const other = example(new Random(16), { queries: 130, keys: 200, width: 30 });
  dotProductForward({ ...other.arrays, key: other.arrays.key.map(() => NaN) }, other.request, workspace);
  expect(bits(workspace)).toBe(first);
  expect(bits(new Workspace())).toBe(first);
});
