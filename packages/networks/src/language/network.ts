import type * as tf from '@tensorflow/tfjs-core';
import type { Dropout, Graph, Ids } from '@heed/nn';

/** What is read at each place, of a batch of texts. */
export interface ReadSymbols {
  /** The symbol before each place, the boundary at the first; row-major [B, T]. */
  readonly inputs: Ids;
  readonly batch: number;
  readonly time: number;
}

/**
 * What turns the symbols read so far into scores of the next. No place sees a later one, so neither what stands behind
 * a text nor what stands beside it changes anything.
 */
export interface LanguageNetwork {
  /** Scores of the next symbol at all places at once, [B·T, V]. Differentiable in the parameters. */
  all(symbols: ReadSymbols, dropout?: Dropout): tf.Tensor2D;
  /** What each place looked at, per layer [B, H, T, T]; none without attention. */
  weights(symbols: ReadSymbols): tf.Tensor[];
  /** What the blocks of a transformer compute of a text, step by step; absent where there are no blocks. */
  trace?(symbols: ReadSymbols): BlockTraces;
  /** One place of texts, and what else of them is exported. */
  graphs(): Graph[];
  /** Begins to read one text, place by place: what was computed for earlier places is kept. */
  read(): Reader;
  /** Lets go of what readers left for the next one; twice is fine. */
  dispose(): void;
}

/** Steps of a transformer for one text. */
interface BlockTraces {
  /** x₀, [T, E] */
  readonly embedded: tf.Tensor2D;
  readonly blocks: readonly {
    /** [1, H, T, T] */
    readonly weights: tf.Tensor;
    /** x with what the heads add, [T, E]. */
    readonly attended: tf.Tensor2D;
    /** x with what the feed-forward layer adds, too, [T, E]. */
    readonly output: tf.Tensor2D;
  }[];
  /** Scores of the next symbol, were each of these x the last one, at the last place: of x₀, then two of each block, [1 + 2·L, V]. */
  readonly next: tf.Tensor2D;
}

export interface Reader {
  /**
   * Reads on.
   *
   * @param inputs at least one
   * @returns scores of what follows the last of them, [V], the caller's to dispose
   */
  next(inputs: Int32Array): tf.Tensor1D;
  dispose(): void;
}
