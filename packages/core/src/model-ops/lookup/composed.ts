import * as tf from '@tensorflow/tfjs-core';
import { addUp } from '../add-up.js';
import type { ComposedModelOp } from '../define.js';
import type { lookupSpec } from './spec.js';

export const composedLookup: ComposedModelOp<typeof lookupSpec> = {
  forward: ({ table }, { ids }) => ({ rows: tf.gather(table, tf.tensor1d(ids, 'int32')) }),
  // Not the gradient of `tf.gather`, which transposes what it has got twice, to no effect for rows.
  backward: ({ dRows }, { ids, size }) => ({ dTable: addUp(dRows, ids, size) }),
};
