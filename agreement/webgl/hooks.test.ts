import { webgl } from '@heed/backend-webgl';
import {
  HOOK_FUNCTIONS,
  dotProductAttention,
  explain,
  scoreHook,
  selectBackend,
  type HookFunction,
  type SelectedBackend,
  type SymbolicBoolean,
  type SymbolicNumber,
} from '@heed/core';
import '@tensorflow/tfjs-backend-cpu'; // for what is expected
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

let backend: SelectedBackend;
beforeAll(async () => {
  backend = await selectBackend(webgl());
});
afterAll(() => backend.dispose());

const WHOLE = [0, -0, 1, -1, 2, 3, -3, 7, -8, 1000, 65535, 4194303, 8388609, 2 ** 24 - 1, -(2 ** 24 - 1), 2 ** 24];
const ANY = [...WHOLE, 0.5, -0.5, 1.5, 1e-7, -1e-6, 3.7, 0.1, 30, 87, -87, 100, -100, 1e10, 3e38, -3e38];
const NOT_FINITE = [NaN, Infinity, -Infinity];

/** Numbers that stand for what a logSumExp can't show. */
const STANDS_FOR = { nan: 12345, infinity: 23456, minusInfinity: -23456 };

const shown = (x: number): number =>
  Number.isNaN(x)
    ? STANDS_FOR.nan
    : x > 3.4e38
      ? STANDS_FOR.infinity
      : x < -3.4e38
        ? STANDS_FOR.minusInfinity
        : Math.fround(x);

const show = (x: SymbolicNumber): SymbolicNumber =>
  x
    .eq(x)
    .select(
      x.gt(3.4e38).select(STANDS_FOR.infinity, x.lt(-3.4e38).select(STANDS_FOR.minusInfinity, x)),
      STANDS_FOR.nan,
    );

const isNumber = (x: SymbolicNumber | SymbolicBoolean): x is SymbolicNumber => 'exp' in x;

/** Results of a function for pairs of numbers: with one key the logSumExp is the score. */
async function computed(
  f: (a: SymbolicNumber, b: SymbolicNumber) => SymbolicNumber | SymbolicBoolean,
  pairs: readonly (readonly [number, number])[],
): Promise<Float32Array> {
  const [first, second] = [0, 1].map((n) => tf.tensor1d(pairs.map((pair) => pair[n])));
  const hook = scoreHook(
    ({ query }, { a, b }) => {
      const result = f(a.at(query), b.at(query));
      return isNumber(result) ? show(result) : result.select(1, 0);
    },
    { a: first, b: second },
  );
  const query = tf.ones<tf.Rank.R4>([1, 1, pairs.length, 1]);
  const one = tf.ones<tf.Rank.R4>([1, 1, 1, 1]);
  expect(explain({ op: 'dotProductAttention', query, key: one, value: one, scoreHook: hook })).toMatchObject({
    path: 'fused',
  });
  const { context, logSumExp } = dotProductAttention(query, one, one, { scoreHook: hook, returnLogSumExp: true });
  const results = await logSumExp.data<'float32'>();
  tf.dispose([first, second, query, one, context, logSumExp]);
  return results;
}

const pairsOf = (numbers: readonly number[]): (readonly [number, number])[] =>
  numbers.flatMap((a) => numbers.map((b) => [Math.fround(a), Math.fround(b)] as const));

/** Functions that have the right number or truth value to the last bit. */
const EXACT: Readonly<
  Partial<Record<HookFunction, (a: SymbolicNumber, b: SymbolicNumber) => SymbolicNumber | SymbolicBoolean>>
> = {
  add: (a, b) => a.add(b),
  sub: (a, b) => a.sub(b),
  mul: (a, b) => a.mul(b),
  neg: (a) => a.neg(),
  abs: (a) => a.abs(),
  min: (a, b) => a.min(b),
  max: (a, b) => a.max(b),
  lt: (a, b) => a.lt(b),
  le: (a, b) => a.le(b),
  eq: (a, b) => a.eq(b),
};

const valueOf = (name: HookFunction, a: number, b: number): number =>
  (HOOK_FUNCTIONS[name].value as (...args: readonly number[]) => number)(a, b);

test.each(Object.entries(EXACT))('%s is exact, of infinities and NaN too', async (name, f) => {
  const pairs = pairsOf([...ANY, ...NOT_FINITE]);
  const results = await computed(f, pairs);
  const wrong = pairs.flatMap(([a, b], n) => {
    const expected = shown(valueOf(name as HookFunction, a, b));
    return Object.is(results[n] + 0, expected + 0) ? [] : [{ a, b, result: results[n], expected }];
  });
  expect(wrong).toEqual([]);
});

test.each(['floorDiv', 'mod'] as const)('%s is exact of whole numbers up to 2^24', async (name) => {
  const pairs = [...pairsOf(WHOLE), [8388609, 1], [16777215, 3], [2.9, 2], [-2.1, 2], [NaN, 2], [Infinity, 2]] as const;
  const results = await computed((a, b) => a[name](b), pairs);
  const wrong = pairs.flatMap(([a, b], n) => {
    const expected = shown(valueOf(name, a, b));
    return results[n] + 0 === expected + 0 ? [] : [{ a, b, result: results[n], expected }];
  });
  expect(wrong).toEqual([]);
});

test('a smaller zero is the negative one', async () => {
  const pairs = pairsOf([0, -0]);
  const results = await computed(
    (a, b) =>
      a
        .min(b)
        .neg()
        .add(0)
        .eq(0)
        .select(show(a.min(b).pow(-1)), 9),
    pairs,
  );
  expect([...results]).toEqual(pairs.map(([a, b]) => shown(1 / Math.min(a, b))));
});

const CLOSE: Readonly<Partial<Record<HookFunction, (a: SymbolicNumber, b: SymbolicNumber) => SymbolicNumber>>> = {
  div: (a, b) => a.div(b),
  exp: (a) => a.exp(),
  log: (a) => a.log(),
  tanh: (a) => a.tanh(),
  sigmoid: (a) => a.sigmoid(),
  sqrt: (a) => a.sqrt(),
  pow: (a, b) => a.pow(b),
};

/** Below it a driver may have 0. */
const SMALLEST_NORMAL = 2 ** -126;
const CLOSE_ULPS = 8;

test.each(Object.entries(CLOSE))(`%s is within ${CLOSE_ULPS} units of the last place`, async (name, f) => {
  const pairs = pairsOf([...ANY, ...NOT_FINITE]);
  const results = await computed(f, pairs);
  const wrong = pairs.flatMap(([a, b], n) => {
    const exact = valueOf(name as HookFunction, a, b);
    if (exact !== 0 && Math.abs(exact) < SMALLEST_NORMAL) return [];
    if (name === 'pow' && Object.is(a, -0)) return []; // of a power the sign of a zero doesn't matter
    const expected = shown(exact);
    const isClose = Math.abs(results[n] - expected) <= CLOSE_ULPS * 2 ** -23 * Math.abs(expected);
    return isClose ? [] : [{ a, b, result: results[n], expected }];
  });
  expect(wrong).toEqual([]);
});

const SIZES = { batch: 2, heads: 3, queries: 9, keys: 14 } as const;

/** Ways to read a captured tensor of a shape. */
const READS: Readonly<Record<string, { readonly shape: number[]; readonly hook: Parameters<typeof scoreHook>[0] }>> = {
  'by a difference': {
    shape: [3, 23],
    hook: ({ score, head, query, key, Tk }, { x }) => score.add(x.at(head, query.sub(key).add(Tk))),
  },
  'by a difference the other way': {
    shape: [24],
    hook: ({ score, query, key }, { x }) => score.mul(x.at(key.sub(query).add(9))),
  },
  'by a difference that is held within bounds': {
    shape: [5],
    hook: ({ score, query, key }, { x }) => score.add(x.at(key.sub(query).max(-2).min(2).add(2))),
  },
  'by axes in another order': {
    shape: [14, 9],
    hook: ({ score, query, key }, { x }) => score.mul(x.at(key, query)),
  },
  'by batch row and head in one': {
    shape: [6],
    hook: ({ score, batch, head }, { x }) => score.mul(x.at(batch.mul(3).add(head))),
  },
  'by groups': {
    shape: [2, 5],
    hook: ({ score, head, key }, { x }) => score.add(x.at(head.floorDiv(2), key.floorDiv(3))),
  },
  'by what another read gives': {
    shape: [9],
    hook: ({ score, key, query }, { x, order }) => score.add(x.at(order.at(key))).sub(x.at(query)),
  },
  'by the score': { shape: [4], hook: ({ score }, { x }) => score.mul(x.at(score.abs().mul(2).min(3))) },
  'of a single number': { shape: [], hook: ({ score }, { x }) => score.mul(x.at()) },
  'partly outside': {
    shape: [7],
    hook: ({ score, key }, { x }) => key.lt(7).select(score.add(x.at(key)), score),
  },
};

test('gradients in what is read are those of the composed form, however it is read', async () => {
  const { batch, heads, queries, keys } = SIZES;
  const random = (shape: number[]): tf.Tensor => tf.randomNormal(shape, 0, 1, 'float32', 5);
  const query = random([batch, heads, queries, 4]) as tf.Tensor4D;
  const key = random([batch, heads, keys, 4]) as tf.Tensor4D;
  const order = tf.tensor1d(Array.from({ length: keys }, (_, j) => (j * 5) % 9));
  const captured = Object.values(READS).map(({ shape }) => random(shape));
  const numbers = (): Promise<number[][][]> =>
    Promise.all(
      Object.values(READS).map(async ({ hook }, n) => {
        const gradients = tf.grads(
          (x, q) =>
            dotProductAttention(q as tf.Tensor4D, key, key, { scoreHook: scoreHook(hook, { x, order }) }).context,
        )([captured[n], query]);
        return Promise.all(gradients.map(async (gradient) => Array.from(await gradient.data())));
      }),
    );
  const whole = await numbers();
  await backend.dispose();
  // On the engine that compiles nothing: on this one, composed forms are tested by conformance.test.ts.
  await tf.setBackend('cpu');
  const expected = await numbers();
  backend = await selectBackend(webgl({ scratchBytes: 512 }));
  const inParts = await numbers();
  for (const [n, name] of Object.keys(READS).entries()) {
    for (const found of [whole[n], inParts[n]]) {
      found.flat().forEach((value, m) => expect(value, `${name} ${m}`).toBeCloseTo(expected[n].flat()[m], 4));
    }
  }
});
