import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { addUp } from '../add-up.js';
import type { ComposedModelOp } from '../define.js';
import type { RowSums, lookupSumsSpec } from './spec.js';

export const composedLookupSums: ComposedModelOp<typeof lookupSumsSpec> = {
  forward: ({ table }, sums) => ({ sums: gatherAndAdd(table, sums) }),
  // The gradient is another sum of the same kind, from the output's rows to the table's.
  backward: ({ dSums }, { from, to, factors, size }) => ({
    dTable: gatherAndAdd(dSums, { from: to, to: from, factors, rows: size }),
  }),
};

function gatherAndAdd(x: Tensor, { from, to, factors, rows }: RowSums): Tensor {
  const scaled = tf.mul(tf.gather(x, tf.tensor1d(from, 'int32')), tf.tensor2d(factors, [from.length, 1]));
  return addUp(scaled, to, rows);
}
