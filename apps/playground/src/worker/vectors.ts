import { sinusoidal } from '@heed/attention';
import * as tf from '@tensorflow/tfjs-core';
import type { AttentionProblem } from '../engine/jobs.js';
import { normals } from './normals.js';

/** Vectors [T, width] that depend on token and seed alone: a word has the same wherever it stands, but for the positions. */
export function tokenVectors(
  tokens: readonly string[],
  { width, seed, positions }: Pick<AttentionProblem, 'width' | 'seed' | 'positions'>,
): tf.Tensor2D {
  return tf.tidy(() => {
    const data = new Float32Array(tokens.length * width);
    tokens.forEach((token, n) => data.set(normals(width, seed, token), n * width));
    const vectors = tf.tensor2d(data, [tokens.length, width]);
    return positions ? tf.add(vectors, sinusoidal({ length: tokens.length, width })) : vectors;
  });
}
