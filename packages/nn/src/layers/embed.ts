import type * as tf from '@tensorflow/tfjs-core';
import { countOf, lookup, type Ids } from '@heed/core/model-ops';

/**
 * The rows of a table by number, put through some products: those of a small alphabet once each, before they are looked up, where there are
 * more places than symbols; and else at their places, after it. A row of a product has the same bits alone and among many, so the same symbols
 * give the same bits in any batch.
 *
 * @param table [V, E]
 * @returns of each product, [N, its width]
 */
export function embed(
  table: tf.Tensor2D,
  ids: Ids,
  products: (rows: tf.Tensor2D) => readonly tf.Tensor2D[],
): tf.Tensor2D[] {
  if (table.shape[0] > Math.min(LARGE_ALPHABET, countOf(ids))) return [...products(lookup(table, ids))];
  return products(table).map((projected) => lookup(projected, ids));
}

// A batch has some thousand places; letters and sounds are fewer, words are more.
export const LARGE_ALPHABET = 512;
