import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MECHANISMS } from '@heed/attention';
import { encodeNpy, encodeSafetensors } from '@heed/formats';
import type * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OWN } from '../catalog.js';
import { nodeHost } from '../io/node-host.js';
import { compute, type OutputName } from './compute.js';
import type { AttendFlags } from '../commands/attend-command.js';
import { planOf } from './flags.js';
import { Inputs } from './inputs.js';

const host = nodeHost({ json: true });
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heed-compute-'));
  const json = (name: string, value: unknown): Promise<void> => writeFile(join(folder, name), JSON.stringify(value));
  // q·k is [[ln 3, 0], [0, 0]] before any scale.
  await json('q', [
    [Math.log(3), 0],
    [0, 0],
  ]);
  await json('k', [
    [1, 0],
    [0, 1],
  ]);
  await json('v', [[4], [8]]);
  await json('one', [[0, 0]]);
  await json('scores', [
    [1.5, 0],
    [0.2, 0],
  ]);
  await json('mask', [
    [false, true],
    [false, false],
  ]);
  await json('bias', [
    [0, Math.log(3)],
    [0, 0],
  ]);
  const data = (n: number): Float32Array => Float32Array.from({ length: n }, (_, i) => Math.sin(i * 1.7));
  await writeFile(join(folder, 'q4'), encodeNpy({ dtype: 'float32', shape: [2, 4, 3, 2], data: data(48) }));
  await writeFile(join(folder, 'k4'), encodeNpy({ dtype: 'float32', shape: [2, 2, 3, 2], data: data(24) }));
  await json('batches', [
    [
      [true, false, false],
      [true, true, false],
      [true, true, true],
    ],
    [
      [false, false, true],
      [false, true, true],
      [true, true, true],
    ],
  ]);
  const identity = { dtype: 'float32' as const, shape: [2, 2], data: Float32Array.of(1, 0, 0, 1) };
  await writeFile(join(folder, 'identity'), encodeSafetensors({ memory_kernel: identity }));
  await host.backends.use({ backend: 'cpu' });
});

afterAll(() => rm(folder, { recursive: true }));

const FILES = ['query', 'key', 'value', 'scores', 'mask', 'bias', 'parameters'] as const;

/** All outputs, rounded for comparing with ones worked by hand. Files are names in the folder. */
async function attend(given: Partial<AttendFlags>): Promise<Record<OutputName, unknown> & { shape: number[] }> {
  const flags: AttendFlags = { ...(given.scores === undefined && { mechanism: 'dot' }), seed: 1, ...given };
  const paths = FILES.flatMap((name) => (flags[name] === undefined ? [] : [[name, join(folder, flags[name])]]));
  const plan = planOf(flags, OWN);
  const softmax = plan !== 'scores' && (flags.normalizer ?? 'softmax') === 'softmax';
  const wants = new Set<OutputName>(['context', 'weights', ...(softmax ? (['logSumExp'] as const) : [])]);
  const named = { ...flags, ...Object.fromEntries(paths) };
  const { context, weights, logSumExp } = await compute(new Inputs(host, named), plan, named, wants, MECHANISMS);
  const numbers = (tensor: tf.Tensor | undefined): unknown =>
    JSON.parse(JSON.stringify(tensor?.arraySync() ?? null), (_, value: unknown) =>
      typeof value === 'number' ? Number(value.toFixed(4)) : value,
    );
  return { context: numbers(context), weights: numbers(weights), logSumExp: numbers(logSumExp), shape: context!.shape };
}

const inputs = { query: 'q', key: 'k', value: 'v' };

describe('the scores', () => {
  test('of dot are q·kᵀ', async () => {
    expect(await attend(inputs)).toMatchObject({
      weights: [
        [0.75, 0.25],
        [0.5, 0.5],
      ],
      context: [[5], [6]],
      logSumExp: [Number(Math.log(4).toFixed(4)), Number(Math.log(2).toFixed(4))],
    });
  });

  test('of scaled-dot-product are divided by √D, or multiplied by --scale', async () => {
    const odds = 3 ** Math.SQRT1_2;
    const mechanism = 'scaled-dot-product';
    const { weights } = await attend({ ...inputs, mechanism });
    expect((weights as number[][])[0][0]).toBeCloseTo(odds / (1 + odds), 4);
    expect((await attend({ ...inputs, mechanism, scale: 2 })).weights).toEqual([
      [0.9, 0.1],
      [0.5, 0.5],
    ]);
  });

  test('get the bias after the soft cap', async () => {
    expect((await attend({ ...inputs, bias: 'bias' })).weights).toEqual([
      [0.5, 0.5],
      [0.5, 0.5],
    ]);
    const odds = 3 ** -1 * Math.exp(0.5 * Math.tanh(Math.log(3) / 0.5));
    const [[first]] = (await attend({ ...inputs, bias: 'bias', softCap: 0.5 })).weights as [[number]];
    expect(first).toBeCloseTo(odds / (1 + odds), 4);
  });

  test('may be one’s own', async () => {
    const { weights } = await attend({ scores: 'scores', value: 'v', normalizer: 'sparsemax' });
    expect(weights).toEqual([
      [1, 0],
      [0.6, 0.4],
    ]);
  });

  test('give the same weights fused, and written out for a normalizer', async () => {
    for (const shape of [inputs, { query: 'q4', key: 'k4' }]) {
      const flags = { ...shape, softCap: 1.5, causal: true, mechanism: 'scaled-dot-product' };
      const { weights, context } = await attend({ ...flags, normalizer: 'sigmoid' });
      const fused = await attend(flags);
      // σ(s) = exp(s)/(1 + exp(s)), where exp(s) = weight·exp(logSumExp).
      const sums = (fused.logSumExp as number[]).flat(3);
      const expected = (fused.weights as number[]).flat(3).map((weight, n, all) => {
        const exp = weight * Math.exp(sums[Math.floor(n / (all.length / sums.length))]);
        return exp / (1 + exp);
      });
      (weights as number[]).flat(3).forEach((weight, n) => expect(weight).toBeCloseTo(expected[n], 3));
      expect((context as number[]).flat(3)).toHaveLength((fused.context as number[]).flat(3).length);
    }
  });
});

describe('masks', () => {
  test('of as many batches as heads name their axes, as [B, Tq, Tk]', async () => {
    const inputs = { query: 'q2', mechanism: 'scaled-dot-product', mask: 'batches' };
    await writeFile(
      join(folder, 'q2'),
      encodeNpy({ dtype: 'float32', shape: [2, 2, 3, 2], data: new Float32Array(24) }),
    );
    await expect(attend(inputs)).rejects.toMatchObject({ code: 'AXES_REQUIRED' });
    const { weights } = await attend({ ...inputs, maskAxes: 'bqk' });
    const [first, second] = weights as [number[][][], number[][][]];
    expect(first[1]).toEqual([
      [1, 0, 0],
      [0.5, 0.5, 0],
      [0.3333, 0.3333, 0.3333],
    ]);
    expect(second[0][0]).toEqual([0, 0, 1]);
  });

  test.each([
    [
      { causal: true },
      [
        [1, 0],
        [0.5, 0.5],
      ],
    ],
    [
      { window: [0, 0] as const },
      [
        [1, 0],
        [0, 1],
      ],
    ],
    [
      { window: [0, Infinity] as const },
      [
        [0.75, 0.25],
        [0, 1],
      ],
    ],
    [
      { lengths: [1] },
      [
        [1, 0],
        [1, 0],
      ],
    ],
    [
      { mask: 'mask' },
      [
        [0, 1],
        [0, 0],
      ],
    ],
    [
      { mask: 'mask', lengths: [1] },
      [
        [0, 0],
        [0, 0],
      ],
    ],
    [
      { lengths: [0] },
      [
        [0, 0],
        [0, 0],
      ],
    ],
  ])('%o', async (flags, weights) => {
    expect((await attend({ ...inputs, ...flags })).weights).toEqual(weights);
  });

  test('want an alignment when there are fewer queries than keys', async () => {
    const fewer = { query: 'one', key: 'k', value: 'v', causal: true };
    await expect(attend(fewer)).rejects.toThrow(expect.objectContaining({ code: 'ALIGNMENT_REQUIRED' }));
    expect((await attend({ ...fewer, align: 'top-left' })).weights).toEqual([[1, 0]]);
    expect((await attend({ ...fewer, align: 'bottom-right' })).weights).toEqual([[0.5, 0.5]]);
    expect((await attend({ ...fewer, offset: 1 })).weights).toEqual([[0.5, 0.5]]);
  });

  test('reach mechanisms with parameters as they reach dot', async () => {
    const general = { ...inputs, value: 'k', mechanism: 'general', parameters: 'identity' };
    expect((await attend(general)).weights).toEqual([
      [0.75, 0.25],
      [0.5, 0.5],
    ]);
    expect((await attend({ ...general, causal: true, lengths: [1] })).weights).toEqual([
      [1, 0],
      [1, 0],
    ]);
    expect((await attend({ ...general, window: [0, 0] })).weights).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });
});

describe('ranks', () => {
  test('are kept: 2, 4 with grouped heads', async () => {
    expect((await attend(inputs)).shape).toEqual([2, 1]);
    expect((await attend({ query: 'q4', key: 'k4' })).shape).toEqual([2, 4, 3, 2]);
  });

  test('of 4 are refused where a mechanism has its own heads', async () => {
    const refused = attend({ query: 'q4', mechanism: 'multi-head' });
    await expect(refused).rejects.toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
  });
});

describe('mechanisms with parameters', () => {
  test.each(['general', 'additive', 'concat', 'multi-head', 'multiHead'])(
    '%s is decided by the seed',
    async (mechanism) => {
      const of = async (seed: number): Promise<unknown> => (await attend({ query: 'q', mechanism, seed })).weights;
      const first = await of(1);
      expect(await of(1)).toEqual(first);
      expect(await of(2)).not.toEqual(first);
    },
  );

  test('take more options from --options', async () => {
    const options = '{"heads":2,"bias":false}';
    const { weights, context } = await attend({ query: 'q', mechanism: 'multi-head', options });
    expect(weights).toHaveLength(2);
    expect(context).toHaveLength(2);
  });
});

test('dropout is decided by the seed and leaves the returned weights alone', async () => {
  const of = (seed: number) => attend({ query: 'q4', key: 'k4', dropout: 0.5, seed });
  const [first, again, other, none] = [await of(1), await of(1), await of(2), await attend({ query: 'q4', key: 'k4' })];
  expect(again.context).toEqual(first.context);
  expect(other.context).not.toEqual(first.context);
  expect(first.weights).toEqual(none.weights);
});
