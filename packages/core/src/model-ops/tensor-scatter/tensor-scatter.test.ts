import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { expectError, gradients, useComposedCpu, values } from '../../../test/cpu-engine.js';
import { canWriteInPlace, tensorScatter, tensorScatterInPlace, type ScatterOptions } from './call.js';

useComposedCpu();

const cache = (): tf.Tensor3D => tf.tensor3d([1, 2, 3, 4, 5, 6, 7, 8], [2, 4, 1]);
const update = (): tf.Tensor3D => tf.tensor3d([-1, -2, -3, -4], [2, 2, 1]);

describe('tensorScatter', () => {
  it('writes each row from its own slot on, and goes round when it is circular', () => {
    expect(values(tensorScatter(cache(), update()))).toEqual([-1, -2, 3, 4, -3, -4, 7, 8]);
    expect(values(tensorScatter(cache(), update(), { starts: [2, 0] }))).toEqual([1, 2, -1, -2, -3, -4, 7, 8]);
    const round = { starts: Int32Array.of(3, 1), axis: 1, circular: true };
    expect(values(tensorScatter(cache(), update(), round))).toEqual([-2, 2, 3, -1, 5, -3, -4, 8]);
  });

  it('gives a new tensor also where there is nothing to write', () => {
    const given = cache();
    const same = tensorScatter(given, tf.zeros([2, 0, 1]), { starts: 4 });
    given.dispose();
    expect(values(same)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(tensorScatter(tf.zeros([0, 4, 1]), tf.zeros([0, 2, 1])).shape).toEqual([0, 4, 1]);
  });

  it('has gradients in what is left of the cache and in the update', () => {
    const [given, more] = [cache(), update()];
    const weights = tf.tensor3d([1, 2, 3, 4, 5, 6, 7, 8], [2, 4, 1]);
    const [dCache, dUpdate] = gradients(
      () => tensorScatter(given, more, { starts: [3, 1], circular: true }),
      [given, more],
      weights,
    );
    expect(values(dCache)).toEqual([0, 2, 3, 0, 5, 0, 0, 8]);
    expect(values(dUpdate)).toEqual([4, 1, 6, 7]);
  });

  it('copies in place of writing where the backend has no kernel for it', () => {
    expect(canWriteInPlace()).toBe(false);
    const given = cache();
    expect(values(tensorScatterInPlace(given, update()))).toEqual([-1, -2, 3, 4, -3, -4, 7, 8]);
    expect(values(given)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it.each<[string, ScatterOptions]>([
    ['past the last slot', { starts: 3 }],
    ['before the first slot', { starts: [0, -1] }],
    ['from a slot that is not there', { starts: 4, circular: true }],
    ['from half a slot', { starts: 0.5 }],
    ['from no number', { starts: NaN }],
    ['along the batch', { axis: 0 }],
    ['along an axis that is not there', { axis: 3 }],
    ['along another', { axis: -4 }],
    ['in no mode', { circular: 'yes' as unknown as boolean }],
  ])('refuses to write %s', (_, options) => {
    expectError('INVALID_ARGUMENT', () => tensorScatter(cache(), update(), options));
  });

  it('refuses what does not fit', () => {
    expectError('SHAPE_MISMATCH', () => tensorScatter(cache(), update(), { starts: [0] }));
    expectError('SHAPE_MISMATCH', () => tensorScatter(cache(), tf.zeros([2, 5, 1])));
    expectError('SHAPE_MISMATCH', () => tensorScatter(cache(), tf.zeros([1, 2, 1])));
    expectError('SHAPE_MISMATCH', () => tensorScatter<tf.Tensor>(cache(), tf.zeros([2, 2])));
    expectError('DTYPE_UNSUPPORTED', () => tensorScatter(cache(), tf.zeros([2, 2, 1], 'int32')));
    expectError('UNKNOWN_OPTION', () => tensorScatter(cache(), update(), { start: 1 } as ScatterOptions));
    const gone = cache();
    gone.dispose();
    expectError('DISPOSED', () => tensorScatter(gone, update()));
  });
});
