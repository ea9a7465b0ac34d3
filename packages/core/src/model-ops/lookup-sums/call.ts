import type { Tensor2D } from '@tensorflow/tfjs-core';
import { checkIds, checkLength } from '../check.js';
import { runModelOp } from '../run.js';
import { composedLookupSums } from './composed.js';
import { lookupSumsSpec, type RowSums } from './spec.js';

/**
 * Weighted sums of the rows of a table: embeddings of what has several parts.
 *
 * @param table [V, W]
 * @returns [N, W], N being `sums.rows`
 * @throws HeedError INVALID_ARGUMENT for a row that isn't there; SHAPE_MISMATCH
 */
export function lookupSums(table: Tensor2D, sums: RowSums): Tensor2D {
  const { from, to, factors, rows } = sums;
  const size = table.shape[0];
  checkLength('lookupSums: to', to, from.length);
  checkLength('lookupSums: factors', factors, from.length);
  checkIds('lookupSums: from', from, size);
  checkIds('lookupSums: to', to, rows);
  return runModelOp(lookupSumsSpec, composedLookupSums, { table }, { from, to, factors, rows, size }).sums as Tensor2D;
}
