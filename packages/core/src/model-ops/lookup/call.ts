import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { checkTensor } from '../../tensor-like.js';
import { checkIds } from '../check.js';
import { runModelOp } from '../run.js';
import { composedLookup } from './composed.js';
import { lookupSpec } from './spec.js';

/** Numbers of rows: on the host, where they are checked, or an int32 tensor [N]. */
export type Ids = Int32Array | Tensor1D;

/**
 * The rows of a table by number: embeddings.
 *
 * @param table [V, W]
 * @param ids   N numbers of rows; of those in a tensor, one that isn't there is undefined, or an error of the engine's
 * @returns [N, W]
 * @throws HeedError INVALID_ARGUMENT for a row that isn't there; SHAPE_MISMATCH, DTYPE_UNSUPPORTED, DISPOSED
 */
export function lookup(table: Tensor2D, ids: Ids): Tensor2D {
  if (!(ids instanceof Int32Array)) {
    checkTensor('lookup: table', table, { axes: ['V', 'W'] });
    checkTensor('lookup: ids', ids, { axes: ['N'], dtype: 'int32' });
    return tf.gather(table, ids);
  }
  const size = table.shape[0];
  checkIds('lookup: ids', ids, size);
  return runModelOp(lookupSpec, composedLookup, { table }, { ids, size }).rows as Tensor2D;
}

/** N, how many numbers there are. */
export const countOf = (ids: Ids): number => (ids instanceof Int32Array ? ids.length : ids.size);
