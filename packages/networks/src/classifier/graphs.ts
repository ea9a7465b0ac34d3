import * as tf from '@tensorflow/tfjs-core';
import { tidy, type Graph } from '@heed/nn';
import type { Level } from './level.js';
import type { Pooled } from './pooling.js';
import type { WordParts, WordVectors } from './word-vectors.js';

interface Classifying {
  readonly vectors: WordVectors;
  readonly overWords: Level;
  /** The level of sentences, in a hierarchical model. */
  readonly overSentences: Level | undefined;
  /** Vectors of texts [B, C] → logits. */
  scores(vectors: tf.Tensor2D): tf.Tensor2D;
}

/**
 * A classifier of texts that are one sequence, `model`: words → `probabilities` [batch, classes]. A hierarchical one in two parts: `sentences`,
 * words → `vectors` [batch, C], and `text`, vectors of its sentences [batch, sentences, C] → `probabilities`. With attention each part gives its
 * `weights` over words or sentences.
 */
export function classifierGraphs({ vectors, overWords, overSentences, scores }: Classifying): Graph[] {
  const ofWords = (given: WordParts): Pooled => overWords.joinVectors(vectors.ofParts(given));
  const classified = ({ vectors: whole, weights }: Pooled) => ({
    probabilities: tf.softmax(scores(whole)),
    ...(weights && { weights }),
  });
  const inputs = vectors.parts;
  if (overSentences === undefined) {
    return [{ name: 'model', inputs, run: (given) => tidy(() => classified(ofWords(given as WordParts))) }];
  }
  return [
    { name: 'sentences', inputs, run: (given) => tidy(() => ({ ...ofWords(given as WordParts) })) },
    {
      name: 'text',
      inputs: { vectors: { shape: ['batch', 'sentences', overWords.width], dtype: 'float32' } },
      run: ({ vectors: sentences }) => tidy(() => classified(overSentences.joinVectors(sentences as tf.Tensor3D))),
    },
  ];
}
