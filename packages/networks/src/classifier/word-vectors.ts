import type * as tf from '@tensorflow/tfjs-core';
import { lookupSums, type Parameters } from '@heed/nn';
import type { ClassifierConfig, Subwords } from './config.js';

/** Vectors of any words, known or not. */
export interface WordVectors {
  /** → [words, E] */
  of(words: readonly string[]): tf.Tensor2D;
}

/** The row of all words that have none of their own. */
const UNKNOWN = 0;

/**
 * A word's vector: its own one, or that of unknown words, and the mean of those of its runs of letters. One table has first the
 * unknown word, then the known ones, then the buckets.
 */
export function createWordVectors(config: ClassifierConfig, parameters: Parameters): WordVectors {
  const { symbols, subwords, embeddingWidth } = config;
  const numbers = new Map(symbols.map((symbol, n) => [symbol, n + 1]));
  const rows = 1 + symbols.length;
  const embedding = parameters.kernel('words/embedding', [rows + (subwords?.buckets ?? 0), embeddingWidth]);
  return {
    of(words) {
      const from: number[] = [];
      const to: number[] = [];
      const factors: number[] = [];
      words.forEach((word, n) => {
        const runs = subwords === null ? [] : bucketsOf(word, subwords);
        from.push(numbers.get(word) ?? UNKNOWN);
        to.push(n);
        factors.push(1);
        for (const bucket of runs) {
          from.push(rows + bucket);
          to.push(n);
          factors.push(1 / runs.length);
        }
      });
      return lookupSums(embedding, {
        from: Int32Array.from(from),
        to: Int32Array.from(to),
        factors: Float32Array.from(factors),
        rows: words.length,
      });
    },
  };
}

/** The buckets of a word's runs of letters, the word's ends being marked: '<un', 'unf', … */
export function bucketsOf(word: string, { buckets, shortest, longest }: Subwords): number[] {
  const letters = [...`<${word}>`];
  const found: number[] = [];
  for (let length = shortest; length <= longest; length++) {
    for (let start = 0; start + length <= letters.length; start++) {
      found.push(fnv1a(letters.slice(start, start + length).join('')) % buckets);
    }
  }
  return found;
}

/** @see http://www.isthe.com/chongo/tech/comp/fnv/ (32 bits) */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
