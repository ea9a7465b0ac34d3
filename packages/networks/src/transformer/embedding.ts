import * as tf from '@tensorflow/tfjs-core';
import { sinusoidal, type KernelInitializer } from '@heed/attention';
import { countOf, lookup, type Ids, type Parameters } from '@heed/nn';
import { uniform } from '@heed/base';
import type { TransformerConfig } from './config.js';

/** Vectors of symbols at their places. */
export interface Embedding {
  /** [V, E] */
  readonly table: tf.Tensor2D;
  /**
   * √E times each symbol's vector, and the sines of its place when positions are sinusoidal.
   *
   * @param ids   row-major [B, T]
   * @param start the place of the first of each row, or what `sines` gives for the only place of each
   * @returns [B·T, E]
   * @see Vaswani et al. 2017, arXiv:1706.03762, §3.4 and §3.5
   */
  at(ids: Ids, batch: number, start?: number | tf.Tensor2D): tf.Tensor2D;
  /** Sines of a place, [1, E]; absent where vectors don't tell places. */
  readonly sines?: (place: number) => tf.Tensor2D;
}

export function createEmbedding(
  parameters: Parameters,
  key: string,
  rows: number,
  { width, positions }: Pick<TransformerConfig, 'width' | 'positions'>,
): Embedding {
  const table = parameters.kernel(key, [rows, width], unitWhenScaled);
  return {
    table,
    ...(positions === 'sinusoidal' && { sines: (place) => sinusoidal({ length: 1, width, offset: place }) }),
    at(ids, batch, start = 0) {
      const vectors = tf.mul(lookup(table, ids), Math.sqrt(width)) as tf.Tensor2D;
      if (positions !== 'sinusoidal') return vectors;
      if (typeof start !== 'number') return tf.add(vectors, start);
      const length = countOf(ids) / batch;
      const places = tf.tile(sinusoidal({ length, width, offset: start }), [batch, 1]);
      return tf.add(vectors, places);
    },
  };
}

/** Variance 1/E, which is 1 after the scaling by √E: uniform, for exactly rounded operations alone. */
const unitWhenScaled: KernelInitializer = ([rows, width], { seed, stream }) => {
  const random = uniform({ stream: 'models', seed, name: stream });
  const limit = Math.sqrt(3 / width);
  return Float32Array.from({ length: rows * width }, () => (2 * random() - 1) * limit);
};
