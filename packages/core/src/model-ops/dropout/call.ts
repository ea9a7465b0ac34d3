import type { Tensor } from '@tensorflow/tfjs-core';
import { fnv1a, HeedError, philoxKey, STREAMS, type Purpose } from '@heed/base';
import { runModelOp } from '../run.js';
import { composedDropout } from './composed.js';
import { dropoutSpec } from './spec.js';

/**
 * Leaves out a share of x's elements and scales the others by 1/(1 − rate).
 *
 * @param x float32, of any shape
 * @param rate in [0, 1)
 * @param purpose the random numbers by which elements are left out, in order: equal purposes leave out the same
 * @throws HeedError INVALID_ARGUMENT, DTYPE_UNSUPPORTED, DISPOSED
 * @see Srivastava et al. 2014, https://jmlr.org/papers/v15/srivastava14a.html, §4, scaled in training
 */
export function dropout<T extends Tensor>(x: T, rate: number, { seed, stream, index = 0, name }: Purpose): T {
  if (!(rate >= 0 && rate < 1)) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `dropout: rate is ${String(rate)}`,
      hint: 'a number ≥ 0 and < 1',
      details: { rate },
    });
  }
  const hash = typeof name === 'number' ? name : fnv1a(name);
  const attributes = { rate, key: philoxKey(seed), counter: [index, hash, STREAMS[stream]] } as const;
  return runModelOp(dropoutSpec, composedDropout, { x }, attributes).y as T;
}
