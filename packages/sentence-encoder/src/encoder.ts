import * as tf from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/core';
import { batchesOf } from './batches.js';
import { readSentenceEncoder, type ReadFile, type SentenceEncoderFiles } from './files.js';
import { SIZES } from './layout.js';
import { createNetwork } from './network.js';
import { tokenize, type Pieces } from './tokenizer.js';
import { parseVocabulary } from './vocabulary.js';
import { decodeWeights } from './weights.js';

/** Attention between the pieces of a sentence. */
export interface SentenceAttention {
  /** Pieces that were read, at most 128; `▁` begins a word. */
  readonly pieces: readonly string[];
  /** Number of further pieces of the sentence, which were not read. */
  readonly left: number;
  /** Weights: `weights[layer][head][i][j]` is how much piece i attends to piece j. 2 layers, 4 heads; rows sum to 1. */
  readonly weights: readonly (readonly (readonly Float32Array[])[])[];
}

/**
 * The Universal Sentence Encoder Lite: it turns a sentence into a vector, and sentences with similar meanings into vectors of
 * similar directions.
 *
 * It runs on the engine of TensorFlow.js that was in use when it was made. Tensors that it returns belong to the caller.
 */
export interface SentenceEncoder {
  /** All pieces of a text. */
  tokenize(text: string): Pieces;
  /**
   * Vectors of sentences. Of a sentence of more than 128 pieces only the first 128 are read.
   *
   * @returns [B, 512], rows of length 1; [0, 512] for no sentences
   * @throws HeedError INVALID_ARGUMENT (no text, only white space, more than 100,000 characters), DISPOSED
   */
  embed(sentences: readonly string[]): tf.Tensor2D;
  /**
   * Attention weights of a sentence in all layers and heads.
   *
   * @throws HeedError as `embed`
   */
  attend(sentence: string): Promise<SentenceAttention>;
  /** Frees the weights. A second call does nothing. */
  dispose(): void;
}

/**
 * Reads the model's files and builds the encoder.
 *
 * @param read see `readSentenceEncoder`
 * @throws HeedError as `readSentenceEncoder` and `createSentenceEncoder`
 */
export async function loadSentenceEncoder(read?: ReadFile): Promise<SentenceEncoder> {
  return createSentenceEncoder(await readSentenceEncoder(read));
}

/**
 * Builds the encoder: pieces → vectors with positions → two layers of self-attention and feed-forward → mean over the pieces →
 * tanh(W m + b) → divided by its length.
 *
 * @param files untrusted: sizes, names, shapes and values are checked before anything is built
 * @throws HeedError FILE_INVALID, FILE_TOO_LARGE, NOT_FINITE
 * @see Cer et al. 2018, arXiv:1803.11175, §3.2. The paper divides the sum over the words by the square root of their number; the
 *   published model divides by their number.
 */
export function createSentenceEncoder(files: SentenceEncoderFiles): SentenceEncoder {
  const vocabulary = parseVocabulary(files.vocabulary);
  const network = createNetwork(decodeWeights(files));
  let disposed = false;

  function read(sentences: readonly string[]): Pieces[] {
    if (disposed) throw new HeedError('DISPOSED', { message: 'sentence encoder: use after dispose' });
    if (!Array.isArray(sentences)) {
      throw new HeedError('INVALID_ARGUMENT', { message: 'sentence encoder: sentences must be a list of texts' });
    }
    return sentences.map((sentence: string) => tokenize(sentence, vocabulary));
  }

  return {
    tokenize: (text) => tokenize(text, vocabulary),
    embed(sentences) {
      const sequences = read(sentences).map(({ ids }) => ids.subarray(0, SIZES.longest));
      return tf.tidy(() => {
        const batches = batchesOf(sequences.map(({ length }) => length));
        if (batches.length === 0) return tf.zeros<tf.Rank.R2>([0, SIZES.width]);
        const results = batches.map(({ rows }) => network.embed(rows.map((row) => sequences[row])));
        const order = new Int32Array(sequences.length);
        batches.flatMap(({ rows }) => rows).forEach((row, n) => (order[row] = n));
        return tf.gather(tf.concat(results), tf.tensor1d(order, 'int32'));
      });
    },
    async attend(sentence) {
      const [{ ids, pieces }] = read([sentence]) as [Pieces];
      const shown = pieces.slice(0, SIZES.longest);
      const layers = network.attend(ids.subarray(0, SIZES.longest));
      try {
        const values = await Promise.all(layers.map((layer) => layer.data<'float32'>()));
        const weights = values.map((layer) => rowsOf(layer, shown.length));
        return { pieces: shown, left: pieces.length - shown.length, weights };
      } finally {
        tf.dispose(layers);
      }
    },
    dispose() {
      if (!disposed) network.dispose();
      disposed = true;
    },
  };
}

/** Values of a tensor [1, H, T, T] as [H][T] rows of T. */
function rowsOf(values: Float32Array, time: number): Float32Array[][] {
  return Array.from({ length: SIZES.heads }, (_, h) =>
    Array.from({ length: time }, (_, i) => values.slice((h * time + i) * time, (h * time + i + 1) * time)),
  );
}
