import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { count, parseArguments, positive, width, wholeNumber } from '../fields.js';
import { DEFAULT_BASE, frequencies } from './frequencies.js';

export interface SinusoidalOptions {
  /** T */
  readonly length: number;
  /** E */
  readonly width: number;
  /** The position of row 0; 0 by default. */
  readonly offset?: number;
  /** 10000 by default. */
  readonly base?: number;
}

const schema = v.strictObject({
  length: count,
  width,
  offset: v.optional(wholeNumber, 0),
  base: v.optional(positive, DEFAULT_BASE),
});

/**
 * Fixed positional encodings: PE(p, 2i) = sin(p / base^(2i/E)), PE(p, 2i + 1) = cos(p / base^(2i/E)). Sines and cosines
 * alternate, as in the paper; some libraries put all sines first.
 *
 * @returns [T, E]; add it to embeddings [B, T, E]
 * @throws HeedError INVALID_ARGUMENT
 * @see Vaswani et al. 2017, arXiv:1706.03762, §3.5
 */
export function sinusoidal(options: SinusoidalOptions): tf.Tensor2D {
  const { length, width, offset, base } = parseArguments('sinusoidal', schema, options);
  const perPosition = frequencies(width, base);
  const values = new Float32Array(length * width);
  for (let t = 0, n = 0; t < length; t++) {
    for (let e = 0; e < width; e++, n++) {
      const angle = (offset + t) * perPosition[e >> 1];
      values[n] = e % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
    }
  }
  return tf.tensor2d(values, [length, width]);
}
