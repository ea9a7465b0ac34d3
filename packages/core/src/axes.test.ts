import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { expectError, gradients, numbers, useComposedCpu, values } from '../test/cpu-engine.js';
import {
  additiveAttention,
  both,
  dense,
  dotProductAttention,
  materialize,
  weightedContext,
  type Axes,
} from './index.js';

useComposedCpu();

const [B, H, Tq, Tk] = [2, 2, 3, 4];
const shape = { batch: B, heads: H, queries: Tq, keys: Tk };
const query = numbers([B, H, Tq, 5], 1);
const key = numbers([B, H, Tk, 5], 2);
const value = numbers([B, H, Tk, 6], 3);
const mask = tf.greater(numbers([B, Tq, Tk], 4), -0.3);
const attend = (options: object) => dotProductAttention(query, key, value, { ...options, returnWeights: true });

describe('a [B, Tq, Tk] mask where B = H', () => {
  it('is refused without names, which read it as [H, Tq, Tk] would', () => {
    const error = expectError('AXES_REQUIRED', () => attend({ mask }));
    expect(error.message).toContain('mask has shape [2,3,4], and both batch and heads are 2');
    expect(error.hint).toContain("axes: 'bqk'");
    expectError('AXES_REQUIRED', () => attend({ mask: both(dense(mask)) }));
    expectError('AXES_REQUIRED', () => materialize(mask, shape));
    expectError('AXES_REQUIRED', () => attend({ bias: numbers([B, Tq, Tk]) }));
  });

  it('masks per batch or per head, as its name says', () => {
    const expected = (axes: [number, number, number, number]) =>
      values(attend({ mask: tf.reshape(mask, axes) }).weights);
    expect(values(attend({ mask: dense(mask, { axes: 'bqk' }) }).weights)).toEqual(expected([B, 1, Tq, Tk]));
    expect(values(attend({ mask: dense(mask, { axes: 'hqk' }) }).weights)).toEqual(expected([1, H, Tq, Tk]));
    expect(expected([B, 1, Tq, Tk])).not.toEqual(expected([1, H, Tq, Tk]));
  });

  it('is a bias likewise, with a gradient of its own shape', () => {
    const bias = numbers([B, Tq, Tk], 5);
    const cotangent = numbers([B, H, Tq, 6], 6);
    const named = gradients(() => attend({ bias: dense(bias, { axes: 'bqk' }) }).context, [bias], cotangent)[0];
    const wide = tf.reshape(bias, [B, 1, Tq, Tk]);
    const plain = gradients(() => attend({ bias: wide }).context, [wide], cotangent)[0];
    expect(named.shape).toEqual([B, Tq, Tk]);
    expect(values(named)).toEqual(values(plain));
  });
});

describe('a [B, Tq, Tk] mask needs no name where the weights have that shape', () => {
  it('additiveAttention', () => {
    const [q, k, u, v] = [numbers([B, Tq, 5]), numbers([B, Tk, 5], 2), numbers([5], 3), numbers([B, Tk, 6], 4)];
    const run = (given: tf.Tensor) =>
      values(additiveAttention(q, k, u, v, { mask: given, returnWeights: true }).weights);
    expect(run(mask)).toEqual(run(tf.reshape(mask, [B, 1, Tq, Tk])));
  });

  it('weightedContext of [B, Tq, Tk]', () => {
    const [scores, v] = [numbers([B, Tq, Tk]), numbers([B, Tk, 6], 4)];
    const run = (given: tf.Tensor) => values(weightedContext(scores, v, { mask: given, returnWeights: true }).weights);
    expect(run(mask)).toEqual(run(tf.reshape(mask, [B, 1, Tq, Tk])));
    expectError('SHAPE_MISMATCH', () => run(tf.ones([3, Tq, Tk], 'bool')));
  });

  it('dotProductAttention of one head', () => {
    const [q, k, v] = [numbers([B, 1, Tq, 5]), numbers([B, 1, Tk, 5], 2), numbers([B, 1, Tk, 6], 4)];
    const run = (given: tf.Tensor) =>
      values(dotProductAttention(q, k, v, { mask: given, returnWeights: true }).weights);
    expect(run(mask)).toEqual(run(tf.reshape(mask, [B, 1, Tq, Tk])));
  });
});

it('axes are letters of bhqk in that order, one for each axis', () => {
  for (const axes of ['kq', 'bb', 'x', 3, [], 'b q']) {
    expectError('INVALID_ARGUMENT', () => dense(mask, { axes } as unknown as { axes: Axes }));
  }
  expectError('SHAPE_MISMATCH', () => dense(mask, { axes: 'qk' }));
  expectError('SHAPE_MISMATCH', () => dense(mask, { axes: '' }));
  expectError('SHAPE_MISMATCH', () => attend({ mask: dense(mask, { axes: 'bhk' }) }));
  // @ts-expect-error the compiler knows the order too
  expectError('INVALID_ARGUMENT', () => dense(mask, { axes: 'qbk' }));
});

it('what does not fit is told how it would', () => {
  const perBatch = tf.ones([B, Tk], 'bool'); // as Keras and Hugging Face have padding masks
  const error = expectError('SHAPE_MISMATCH', () => attend({ mask: perBatch }));
  expect(error.hint).toContain("dense(tensor, { axes: 'bk' })");
  expect(values(attend({ mask: dense(perBatch, { axes: 'bk' }) }).weights)).toEqual(values(attend({}).weights));
  expect(expectError('SHAPE_MISMATCH', () => attend({ mask: tf.ones([7, 7], 'bool') })).hint).toBe(
    'each axis must be full or 1',
  );
});

it('a mask of one number has no axes', () => {
  const nothing = tf.scalar(false, 'bool');
  expect(values(attend({ mask: dense(nothing, { axes: '' }) }).weights).every((weight) => weight === 0)).toBe(true);
});
