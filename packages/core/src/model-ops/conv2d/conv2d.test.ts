import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { expectError, gradients, useComposedCpu, values } from '../../../test/cpu-engine.js';
import { conv2d, type Conv2dOptions } from './call.js';

useComposedCpu();

/** 0 1 2 / 3 4 5 / 6 7 8 */
const picture = (): tf.Tensor4D => tf.reshape(tf.range(0, 9), [1, 3, 3, 1]);
/** What is below, times 10, and what is here. */
const filter = (): tf.Tensor4D => tf.tensor4d([1, 10], [2, 1, 1, 1]);

describe('conv2d', () => {
  it.each<[Conv2dOptions, number[]]>([
    [{}, [30, 41, 52, 63, 74, 85]],
    [{ strides: 2 }, [30, 52]],
    [{ strides: [1, 2] }, [30, 52, 63, 85]],
    // Zeros come last where they are odd, as TensorFlow has them.
    [{ padding: 'same' }, [30, 41, 52, 63, 74, 85, 6, 7, 8]],
    [
      {
        padding: [
          [1, 0],
          [0, 0],
        ],
        strides: [2, 1],
      },
      [0, 10, 20, 63, 74, 85],
    ],
    [{ padding: 1, strides: 2 }, [0, 10, 0, 0, 74, 0]],
  ])('with %j', (options, expected) => {
    expect(values(conv2d(picture(), filter(), options))).toEqual(expected);
  });

  it('has gradients in both', () => {
    const [x, by] = [picture(), filter()];
    const [dX, dFilter] = gradients(() => conv2d(x, by), [x, by], tf.reshape(tf.range(1, 7), [1, 2, 3, 1]));
    expect(values(dX)).toEqual([1, 2, 3, 14, 25, 36, 40, 50, 60]);
    expect(values(dFilter)).toEqual([70, 133]);
  });

  it.each<[string, Conv2dOptions]>([
    ['no stride', { strides: 0 }],
    ['half a stride', { strides: [1, 0.5] }],
    ['a padding of no name', { padding: 'full' as 'same' }],
    ['fewer than no zeros', { padding: -1 }],
    ['zeros of one axis', { padding: [[1, 1]] as unknown as 'same' }],
  ])('refuses %s', (_, options) => {
    expectError('INVALID_ARGUMENT', () => conv2d(picture(), filter(), options));
  });

  it('refuses what does not fit', () => {
    expectError('SHAPE_MISMATCH', () => conv2d(picture(), tf.zeros([2, 1, 2, 1])));
    expectError('SHAPE_MISMATCH', () => conv2d(picture(), tf.zeros([4, 1, 1, 1])));
    expectError('SHAPE_MISMATCH', () => conv2d(tf.zeros([0, 3, 3, 1]), filter()));
    expectError('SHAPE_MISMATCH', () => conv2d(picture(), tf.zeros([1, 1, 1, 0])));
    expectError('SHAPE_MISMATCH', () => conv2d(tf.zeros<tf.Rank>([3, 3, 1]) as tf.Tensor4D, filter()));
    expectError('DTYPE_UNSUPPORTED', () => conv2d(tf.zeros([1, 3, 3, 1], 'int32'), filter()));
    expectError('UNKNOWN_OPTION', () => conv2d(picture(), filter(), { stride: 2 } as Conv2dOptions));
  });
});
