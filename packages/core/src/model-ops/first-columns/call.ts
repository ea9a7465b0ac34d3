import type { Tensor2D } from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/base';
import { runModelOp } from '../run.js';
import { composedFirstColumns } from './composed.js';
import { firstColumnsSpec } from './spec.js';

/**
 * x[:, 0 … count), of x [N, W].
 *
 * @throws HeedError INVALID_ARGUMENT when there aren't so many columns; SHAPE_MISMATCH
 */
export function firstColumns(x: Tensor2D, count: number): Tensor2D {
  const width = x.shape[1];
  if (!(Number.isInteger(count) && count >= 0 && count <= width)) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `firstColumns: count is ${String(count)}`,
      hint: `x has ${width} columns`,
      details: { count, width },
    });
  }
  return runModelOp(firstColumnsSpec, composedFirstColumns, { x }, { count, width }).y as Tensor2D;
}
