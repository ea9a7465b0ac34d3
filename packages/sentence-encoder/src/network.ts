import * as tf from '@tensorflow/tfjs-core';
import { dense, encodeByBlocks, meanPooling, pad, toSequences, withParameters, type Parameters } from '@heed/nn';
import { createBlock } from './blocks.js';
import { SIZES } from './layout.js';
import { parametersOf } from './parameters.js';
import { timingSignal } from './positions.js';
import type { EncoderWeights } from './weights.js';

/** Network of the encoder without the tokenizer: ids in, tensors out. It owns its weights. */
export interface EncoderNetwork {
  /** Vectors of sequences of ids. @returns [B, 512], rows of length 1 */
  embed(sequences: readonly Int32Array[]): tf.Tensor2D;
  /** Attention weights of one sequence. @returns [1, H, T, T] for each layer */
  attend(sequence: Int32Array): tf.Tensor4D[];
  dispose(): void;
}

export const createNetwork = (weights: EncoderWeights): EncoderNetwork =>
  withParameters(NO_SEED, parametersOf(weights), (parameters) => build(parameters, weights['frequencies']));

// All values are given.
const NO_SEED = 0;

function build(parameters: Parameters, frequencies: Float32Array): EncoderNetwork {
  const { embeddingRows, embeddingWidth, longest, width } = SIZES;
  const embedding = parameters.kernel('embedding', [embeddingRows, embeddingWidth]);
  const blocks = SIZES.layers.map((sizes, n) => createBlock(parameters, n, sizes));
  const kernel = parameters.kernel('output/kernel', [width, width]);
  const bias = parameters.bias('output/bias', new Float32Array(width));
  const signal = tf.keep(tf.tensor2d(timingSignal(frequencies), [longest, embeddingWidth]));

  function run(sequences: readonly Int32Array[], returnWeights = false) {
    const { ids, lengths, batch, time } = pad(sequences);
    const vectors = tf.gather(embedding, tf.tensor1d(ids, 'int32')); // [B·T, 256]
    const positions = tf.tile(tf.slice(signal, [0, 0], [time, embeddingWidth]), [batch, 1]);
    // The vectors count twice: the original adds them to the sum of vectors and signal, and was trained this way.
    const x = tf.add<tf.Tensor2D>(tf.mul(vectors, 2), positions);
    return { ...encodeByBlocks(blocks, x, { batch: lengths.length, lengths, returnWeights }), lengths };
  }

  return {
    embed: (sequences) =>
      tf.tidy(() => {
        const { output, lengths } = run(sequences);
        const mean = meanPooling(toSequences(output, lengths.length), lengths); // [B, 512]
        return ofLengthOne(tf.tanh(dense(mean, kernel, bias)));
      }),
    attend: (sequence) => tf.tidy(() => [...run([sequence], true).weights]),
    dispose() {
      signal.dispose();
      parameters.dispose();
    },
  };
}

/** Rows of x scaled to length 1: x / ‖x‖. */
const ofLengthOne = (x: tf.Tensor2D): tf.Tensor2D => tf.mul(x, tf.rsqrt(tf.sum(tf.square(x), 1, true)));
