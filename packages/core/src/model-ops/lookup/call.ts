import type { Tensor2D } from '@tensorflow/tfjs-core';
import { checkIds } from '../check.js';
import { runModelOp } from '../run.js';
import { composedLookup } from './composed.js';
import { lookupSpec } from './spec.js';

/**
 * The rows of a table by number: embeddings.
 *
 * @param table [V, W]
 * @param ids   N numbers of rows
 * @returns [N, W]
 * @throws HeedError INVALID_ARGUMENT for a row that isn't there; SHAPE_MISMATCH
 */
export function lookup(table: Tensor2D, ids: Int32Array): Tensor2D {
  const size = table.shape[0];
  checkIds('lookup: ids', ids, size);
  return runModelOp(lookupSpec, composedLookup, { table }, { ids, size }).rows as Tensor2D;
}
