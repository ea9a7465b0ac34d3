import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { expectError, gradients, numbers, useComposedCpu, values } from '../../../test/cpu-engine.js';
import { explain, linearAttention, type LinearAttentionOptions } from '../../index.js';

useComposedCpu();

const [batch, heads, steps, width, valueWidth] = [2, 2, 70, 4, 3] as const;

/** Inputs of a rule; decays are negative, keys short, strengths between 0 and 1. */
function inputsOf(rule: keyof typeof RULES): { tensors: [Tensor4D, Tensor4D, Tensor4D]; options: Options } {
  const key = tf.mul(numbers([batch, heads, steps, width], 2), 0.4) as Tensor4D;
  return {
    tensors: [
      numbers([batch, heads, steps, width], 1) as Tensor4D,
      key,
      numbers([batch, heads, steps, valueWidth], 3) as Tensor4D,
    ],
    options: { ...RULES[rule](), initialState: numbers([batch, heads, width, valueWidth], 5) },
  };
}

type Options = LinearAttentionOptions<true, false>;

const decay = (shape: number[]): Tensor => tf.neg(tf.abs(numbers(shape, 6)));
const strengths = (): Tensor => tf.sigmoid(numbers([batch, heads, steps], 7));

const RULES = {
  linear: () => ({}),
  gated: () => ({ logDecay: decay([batch, heads, steps, width]) }),
  retention: () => ({ logDecay: decay([heads]) }),
  delta: () => ({ beta: strengths() }),
  'gated delta': () => ({ logDecay: decay([batch, heads, steps]), beta: strengths() }),
} as const satisfies Readonly<Record<string, () => Options>>;

describe.each(Object.keys(RULES) as (keyof typeof RULES)[])('the %s rule', (rule) => {
  // One step at a time, pieces that don't end where chunks do, and all at once.
  it.each([1, 7, 33, steps])('in pieces of %d steps, the state handed over, is the same as at once', (size) => {
    tf.tidy(() => {
      const { tensors, options } = inputsOf(rule);
      const whole = linearAttention(...tensors, { ...options, returnState: true });
      let state = options.initialState!;
      const contexts: Tensor[] = [];
      for (let start = 0; start < steps; start += size) {
        const part = <T extends Tensor>(x: T, axis: number): T =>
          piece(x, axis, start, Math.min(size, steps - start)) as T;
        const { logDecay, beta } = options;
        const read = linearAttention(part(tensors[0], 2), part(tensors[1], 2), part(tensors[2], 2), {
          ...(logDecay && { logDecay: logDecay.rank === 1 ? logDecay : part(logDecay, 2) }),
          ...(beta && { beta: part(beta, 2) }),
          initialState: state,
          returnState: true,
        });
        state = read.state;
        contexts.push(read.context);
      }
      expectNear(tf.concat(contexts, 2), whole.context);
      expectNear(state, whole.state);
    });
  });
});

describe('memory', () => {
  const bytesFor = async (length: number): Promise<number> => {
    const x = tf.ones<tf.Rank.R4>([1, 1, length, 4]);
    const before = tf.memory().numBytes;
    const { peakBytes } = await tf.profile(() => gradients(() => linearAttention(x, x, x).context, [x]));
    x.dispose();
    return peakBytes - before;
  };

  it('grows with T, not with T², forward and backward', async () => {
    const [half, whole] = [await bytesFor(1024), await bytesFor(2048)];
    expect(whole / half).toBeLessThan(2.2);
    expect(whole).toBeLessThan((2048 * 2048 * 4) / 4);
  });
});

it('nothing is divided by a sum of no keys: rows without any have contexts of 0, and nothing flows to them', () => {
  const key = tf.ones<tf.Rank.R4>([2, 1, 3, 2]);
  const options = { normalize: true, causal: false, lengths: [3, 0] } as const;
  expect(values(linearAttention(key, key, key, options).context)).toEqual([1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
  const [dQuery] = tf.grads((q) => linearAttention(q as Tensor4D, key, key, options).context)([key]);
  expect(values(dQuery!).slice(6)).toEqual([0, 0, 0, 0, 0, 0]);
});

it('explain tells the path and the request without tensors', () => {
  const like = { shape: [1, 2, 3, 4], dtype: 'float32' } as const;
  const { path, request } = explain({
    op: 'linearAttention',
    query: { ...like, shape: [1, 2, 3, 4] },
    key: { ...like, shape: [1, 1, 3, 4] },
    value: { ...like, shape: [1, 1, 3, 5] },
    logDecay: { shape: [1], dtype: 'float32' },
    lengths: [2],
  });
  expect(path).toBe('composed');
  expect(request).toMatchObject({
    keyHeads: 1,
    scale: 0.5,
    logDecay: [1, 1, 1, 1],
    beta: null,
    lengths: Int32Array.of(2),
  });
});

it('names what was meant, and what goes together', () => {
  const x = tf.ones<tf.Rank.R4>([1, 1, 2, 2]);
  const attend = (options: object) => () => linearAttention(x, x, x, options);
  expect(expectError('UNKNOWN_OPTION', attend({ logDecays: x })).hint).toContain("did you mean 'logDecay'?");
  expect(expectError('SHAPE_MISMATCH', attend({ logDecay: tf.ones([2, 2]) })).message).toContain(
    'logDecay has shape [2,2], expected [1, 1, 2, 2] or [1, 1, 2] or [1]',
  );
  expect(expectError('INVALID_ARGUMENT', attend({ normalize: true, initialState: x })).hint).toContain('returnState');
});

function piece(x: Tensor, axis: number, start: number, size: number): Tensor {
  const begin = x.shape.map((_, n) => (n === axis ? start : 0));
  return tf.slice(
    x,
    begin,
    x.shape.map((length, n) => (n === axis ? size : length)),
  );
}

function expectNear(got: Tensor, expected: Tensor): void {
  expect(got.shape).toEqual(expected.shape);
  const [a, b] = [values(got), values(expected)];
  expect(Math.max(...a.map((x, n) => Math.abs(x - b[n]!)))).toBeLessThan(1e-4);
}
