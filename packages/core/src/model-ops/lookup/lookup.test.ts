import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { expectError, numbers, useComposedCpu, values } from '../../../test/cpu-engine.js';
import { countOf, lookup } from './call.js';

useComposedCpu();

describe('lookup', () => {
  it('gives the same rows for numbers on the host and in a tensor', () => {
    const table = numbers([5, 3]) as tf.Tensor2D;
    const ids = Int32Array.of(4, 0, 4);
    const inTensor = tf.tensor1d(ids, 'int32');
    expect(values(lookup(table, inTensor))).toEqual(values(lookup(table, ids)));
    expect([countOf(ids), countOf(inTensor)]).toEqual([3, 3]);
  });

  it('refuses numbers of another shape or dtype', () => {
    const table = numbers([5, 3]) as tf.Tensor2D;
    expectError('SHAPE_MISMATCH', () => lookup(table, tf.zeros([1, 2], 'int32') as never));
    expectError('DTYPE_UNSUPPORTED', () => lookup(table, tf.tensor1d([1, 2])));
    expectError('INVALID_ARGUMENT', () => lookup(table, Int32Array.of(5)));
  });
});
