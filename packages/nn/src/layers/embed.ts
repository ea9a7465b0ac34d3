import type * as tf from '@tensorflow/tfjs-core';
import { lookup, type Ids } from '@heed/core/model-ops';

/**
 * The rows of a table by number, put through some products: those of a small alphabet once each, before they are looked up,
 * and those of a large one at their places, after it. Which of the two depends on the table alone, so that the same symbols
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
  if (table.shape[0] > LARGE_ALPHABET) return [...products(lookup(table, ids))];
  return products(table).map((projected) => lookup(projected, ids));
}

/**
 * The same for one step of decoding: products at the places, since those are few, whatever the table. It is the same for any number of rows, as an exported step
 * must be, and a row of a product has the same bits alone and among many.
 */
export const embedStep: typeof embed = (table, ids, products) => [...products(lookup(table, ids))];

// A batch has some thousand places; letters and sounds are fewer, words are more.
export const LARGE_ALPHABET = 512;
