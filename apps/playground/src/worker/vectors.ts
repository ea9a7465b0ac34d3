import { sinusoidal } from '@heed/attention';
import { HeedError } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import type { AttentionSetup, VectorSource } from '../engine/jobs.js';
import { fnv1a, normals } from '@heed/base';
import { wordVector, type WordTable } from './words.js';

/**
 * Vectors of tokens, [T, width], of length √width, which is the mean length of random ones. A token has the same vector everywhere,
 * to which only the position is added.
 */
export function tokenVectors(
  tokens: readonly string[],
  source: VectorSource,
  { width, seed, positions }: Pick<AttentionSetup, 'width' | 'seed' | 'positions'>,
  words: WordTable | undefined,
): tf.Tensor2D {
  return tf.tidy(() => {
    const data = new Float32Array(tokens.length * width);
    tokens.forEach((token, n) => {
      const known = source === 'words' ? wordVector(tableOf(words), token, width) : undefined;
      data.set(known ?? normals(width, { seed, stream: 'inputs', index: fnv1a(token), name: 0 }), n * width);
    });
    const vectors = tf.tensor2d(data, [tokens.length, width]);
    return positions ? tf.add(vectors, sinusoidal({ length: tokens.length, width })) : vectors;
  });
}

/** Tokens, each once, that should have vectors of words but have random ones. */
export function unknownTokens(
  { query, memory, queryVectors, memoryVectors, width }: AttentionSetup,
  words: WordTable | undefined,
): string[] {
  const wanted = [...(queryVectors === 'words' ? query : []), ...(memoryVectors === 'words' ? memory : [])];
  return [...new Set(wanted)].filter((token) => wordVector(tableOf(words), token, width) === undefined);
}

function tableOf(words: WordTable | undefined): WordTable {
  if (words !== undefined) return words;
  throw new HeedError('INVALID_ARGUMENT', { message: 'the table of word vectors was not loaded' });
}
