import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { expectError, useComposedCpu } from '../test/cpu-engine.js';
import { HeedError, additiveAttention, dotProductAttention, explain, weightedContext, type Call } from './index.js';

useComposedCpu();

describe('shapes that do not fit are refused with the shapes in the message', () => {
  const dot = (q: number[], k: number[], v: number[]): HeedError =>
    expectError('SHAPE_MISMATCH', () => dotProductAttention(tf.zeros(q), tf.zeros(k), tf.zeros(v)));

  it.each([
    ['rank', [2, 3, 4], [1, 1, 2, 4], [1, 1, 2, 4], /query has shape \[2,3,4\], expected rank 4/],
    ['batch', [2, 1, 3, 4], [1, 1, 3, 4], [2, 1, 3, 4], /axis B/],
    ['width', [1, 1, 3, 4], [1, 1, 3, 5], [1, 1, 3, 4], /axis D/],
    ['keys', [1, 1, 3, 4], [1, 1, 7, 4], [1, 1, 8, 4], /axis Tk is 7 in key \[1,1,7,4\] and 8 in value \[1,1,8,4\]/],
    ['key heads', [1, 4, 3, 4], [1, 2, 3, 4], [1, 4, 3, 4], /axis Hk/],
    ['no width', [1, 1, 3, 0], [1, 1, 3, 0], [1, 1, 3, 4], /axis D is empty/],
  ])('dotProductAttention: %s', (_, q, k, v, message) => {
    const error = dot(q, k, v);
    expect(error.message).toMatch(message);
    expect(error.hint).toBeTruthy();
  });

  it('additiveAttention', () => {
    const add = (q: number[], k: number[], u: number[], v: number[]): HeedError =>
      expectError('SHAPE_MISMATCH', () => additiveAttention(tf.zeros(q), tf.zeros(k), tf.zeros(u), tf.zeros(v)));
    expect(add([1, 2, 4], [1, 3, 5], [4], [1, 3, 2]).message).toMatch(/axis U is 4 in query .* 5 in key/);
    expect(add([1, 2, 4], [1, 3, 4], [5], [1, 3, 2]).message).toMatch(/vector/);
    expect(add([1, 2, 4], [1, 3, 4], [4], [1, 2, 2]).message).toMatch(/axis Tk/);
    expect(add([1, 2, 4], [1, 3, 4], [4, 1], [1, 3, 2]).message).toMatch(/rank 1/);
  });

  it('weightedContext', () => {
    const bad = (s: number[], v: number[]): HeedError =>
      expectError('SHAPE_MISMATCH', () => weightedContext(tf.zeros(s), tf.zeros(v)));
    bad([3], [3]);
    bad([2, 3], [4, 2]);
    bad([2, 2, 3], [3, 2]);
    bad([2, 2, 3], [1, 3, 2]);
    expect(weightedContext(tf.zeros([2, 3, 4, 5, 6]), tf.zeros([2, 3, 4, 6, 7])).context.shape).toEqual([
      2, 3, 4, 5, 7,
    ]);
  });
});

it('options are checked', () => {
  const q = tf.zeros([1, 1, 2, 3]);
  const options = [{ scale: NaN }, { scale: Infinity }, { softCap: 0 }, { softCap: -1 }, { softCap: NaN }];
  for (const option of options) expectError('INVALID_ARGUMENT', () => dotProductAttention(q, q, q, option));
  expectError('INVALID_ARGUMENT', () => dotProductAttention(undefined as unknown as tf.Tensor, q, q));
  expectError('INVALID_ARGUMENT', () => dotProductAttention(q, q, q, { mask: 'causal' as never }));
  expectError('UNKNOWN_NAME', () =>
    weightedContext(tf.zeros([3, 3]), tf.zeros([3, 3]), { normalizer: 'softmin' as 'softmax' }),
  );
  expectError('UNKNOWN_NAME', () => explain({ op: 'attention' } as unknown as Call));
});

it('HeedError is known across copies of the package, by its code', () => {
  const error = new HeedError('SHAPE_MISMATCH', { message: 'a', hint: 'b', details: { c: 1 } });
  expect(HeedError.isInstance(error)).toBe(true);
  expect(HeedError.isInstance(error, 'DISPOSED')).toBe(false);
  expect(HeedError.isInstance(new Error('SHAPE_MISMATCH'))).toBe(false);
  expect(error.message).toBe('a. Hint: b');
  expect(error.details).toEqual({ c: 1 });
});
