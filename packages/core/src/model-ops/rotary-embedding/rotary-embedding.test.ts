import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { expectError, gradients, numbers, useComposedCpu, values } from '../../../test/cpu-engine.js';
import { rotaryEmbedding, type RotaryEmbeddingOptions } from './call.js';

useComposedCpu();

/** Two pairs of a position: the first turns by a quarter at row 1, the second grows by 2 at each row. */
const tables = () => ({
  cos: tf.tensor2d([
    [1, 1],
    [0, 2],
    [-1, 4],
  ]),
  sin: tf.tensor2d([
    [0, 0],
    [1, 0],
    [0, 0],
  ]),
});
const x = (): tf.Tensor4D => tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8], [1, 1, 2, 4]);

describe('rotaryEmbedding', () => {
  it('turns neighbours or halves by the rows that positions have', () => {
    expect(values(rotaryEmbedding(x(), tables()))).toEqual([1, 2, 3, 4, -6, 5, 14, 16]);
    expect(values(rotaryEmbedding(x(), tables(), { layout: 'half' }))).toEqual([1, 2, 3, 4, -7, 12, 5, 16]);
    expect(values(rotaryEmbedding(x(), tables(), { starts: 1 }))).toEqual([-2, 1, 6, 8, -5, -6, 28, 32]);
    expect(values(rotaryEmbedding(x(), tables(), { rows: Int32Array.of(2, 0) }))).toEqual([-1, -2, 12, 16, 5, 6, 7, 8]);
  });

  it('leaves features alone that the tables have no pair for', () => {
    const one = { cos: tf.tensor2d([[0], [0]]), sin: tf.tensor2d([[1], [1]]) };
    expect(values(rotaryEmbedding(x(), one))).toEqual([-2, 1, 3, 4, -6, 5, 7, 8]);
    expect(values(rotaryEmbedding(x(), { cos: tf.zeros([2, 0]), sin: tf.zeros([2, 0]) }))).toEqual(values(x()));
  });

  it('its gradient turns back, and has one itself', () => {
    const given = numbers([2, 3, 2, 4]) as tf.Tensor4D;
    const cotangent = numbers([2, 3, 2, 4], 2) as tf.Tensor4D;
    const { cos, sin } = tables();
    const turn = (y: tf.Tensor4D): tf.Tensor4D => rotaryEmbedding(y, { cos, sin }, { starts: [1, 0] });
    const back = rotaryEmbedding(cotangent, { cos, sin: tf.neg(sin) }, { starts: [1, 0] });
    expect(values(gradients(() => turn(given), [given], cotangent)[0])).toEqual(values(back));
    // Of Σ y∘c the gradient in x is Rᵀc, whose gradient in c is R again.
    const [ofGradient] = gradients(() => gradients(() => turn(given), [given], cotangent)[0], [cotangent], given);
    expect(values(ofGradient)).toEqual(values(turn(given)));
  });

  it.each<[string, RotaryEmbeddingOptions]>([
    ['past the last row', { starts: 2 }],
    ['before the first', { starts: [-1] }],
    ['from half a row', { starts: 0.5 }],
    ['by a row that is not there', { rows: Int32Array.of(0, 3) }],
    ['by both', { rows: Int32Array.of(0, 1), starts: 0 }],
    ['in another layout', { layout: 'thirds' as 'half' }],
  ])('refuses to turn %s', (_, options) => {
    expectError('INVALID_ARGUMENT', () => rotaryEmbedding(x(), tables(), options));
  });

  it('refuses what does not fit', () => {
    const wide = { cos: tf.zeros<tf.Rank.R2>([3, 3]), sin: tf.zeros<tf.Rank.R2>([3, 3]) };
    expectError('SHAPE_MISMATCH', () => rotaryEmbedding(x(), wide));
    expectError('SHAPE_MISMATCH', () => rotaryEmbedding(x(), { ...tables(), sin: tf.zeros([2, 2]) }));
    expectError('SHAPE_MISMATCH', () => rotaryEmbedding(x(), tables(), { starts: [0, 0] }));
    expectError('SHAPE_MISMATCH', () => rotaryEmbedding(x(), tables(), { rows: Int32Array.of(0) }));
    expectError('SHAPE_MISMATCH', () => rotaryEmbedding(tf.zeros([2, 4]) as never, tables()));
    expectError('DTYPE_UNSUPPORTED', () => rotaryEmbedding(x(), { ...tables(), cos: tf.zeros([3, 2], 'int32') }));
    expectError('UNKNOWN_OPTION', () => rotaryEmbedding(x(), tables(), { start: 1 } as RotaryEmbeddingOptions));
    expect(rotaryEmbedding(tf.zeros([2, 1, 0, 4]), tables()).shape).toEqual([2, 1, 0, 4]);
  });
});
