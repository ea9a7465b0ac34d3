import * as tf from '@tensorflow/tfjs-core';
import { lookup, lookupSums, type GraphTensor, type Parameters } from '@heed/nn';
import type { ClassifierConfig } from './config.js';
import { wordParts } from './word-parts.js';

/** Vectors of any words, known or not. */
export interface WordVectors {
  /** → [words, E] */
  of(words: readonly string[]): tf.Tensor2D;
  /** Vectors of words whose parts are told in tensors, [B, T, E]. */
  ofParts(words: WordParts): tf.Tensor3D;
  /** Shapes of these tensors. */
  readonly parts: Readonly<Record<string, GraphTensor>>;
}

/** Words as the rows of the table that they are made of. */
export type WordParts = {
  /** int32 [B, T], or [B, T, P] with runs of letters. */
  readonly words: tf.Tensor;
  /** With runs of letters: how much each of the rows counts, float32 [B, T, P]; 0 for what fills up a word of fewer. */
  readonly shares?: tf.Tensor3D;
};

/**
 * A word's vector: its own one, or that of unknown words, and the mean of those of its runs of letters. One table has first the
 * unknown word, then the known ones, then the buckets.
 */
export function createWordVectors(config: ClassifierConfig, parameters: Parameters): WordVectors {
  const { symbols, subwords, embeddingWidth } = config;
  const partsOf = wordParts(config);
  const rows = 1 + symbols.length + (subwords?.buckets ?? 0);
  const embedding = parameters.kernel('words/embedding', [rows, embeddingWidth]);
  return {
    of(words) {
      const from: number[] = [];
      const to: number[] = [];
      const factors: number[] = [];
      words.forEach((word, n) => {
        for (const { row, share } of partsOf(word)) {
          from.push(row);
          to.push(n);
          factors.push(share);
        }
      });
      return lookupSums(embedding, {
        from: Int32Array.from(from),
        to: Int32Array.from(to),
        factors: Float32Array.from(factors),
        rows: words.length,
      });
    },
    ofParts({ words, shares }) {
      const vectors = lookup(embedding, tf.reshape(words, [words.size]));
      const [batch, time] = words.shape as [number, number];
      if (shares === undefined) return tf.reshape(vectors, [batch, time, embeddingWidth]);
      const runs = shares.shape[2];
      const eachWord = tf.reshape<tf.Rank.R3>(vectors, [batch * time, runs, embeddingWidth]);
      const sums = tf.matMul(tf.reshape<tf.Rank.R3>(shares, [batch * time, 1, runs]), eachWord);
      return tf.reshape(sums, [batch, time, embeddingWidth]);
    },
    parts:
      subwords === null
        ? { words: { shape: ['batch', 'words'], dtype: 'int32' } }
        : {
            words: { shape: ['batch', 'words', 'parts'], dtype: 'int32' },
            shares: { shape: ['batch', 'words', 'parts'], dtype: 'float32' },
          },
  };
}
