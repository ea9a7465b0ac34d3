import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';

/** Numbers of a step by their symbols, each a table of rows. */
type Given = Readonly<Record<string, Tensor2D>>;

/**
 * What a step computes by Heed's library, in a tidy: of tables that are given, those that are computed, by their symbols. A result
 * may have any shape with as many numbers as its table, in the order of rows.
 */
export interface Computation {
  /** Symbols of what has to be given; others are the reader's alone. */
  readonly needs: readonly string[];
  compute(given: Given): Readonly<Record<string, Tensor>>;
}
