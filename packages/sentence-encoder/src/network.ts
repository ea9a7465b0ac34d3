import * as tf from '@tensorflow/tfjs-core';
import { dense, type Dense } from './dense.js';
import { SIZES } from './layout.js';
import { timingSignal } from './positions.js';
import { createTransformerLayer } from './transformer-layer.js';
import type { EncoderWeights } from './weights.js';

/** Network of the encoder without the tokenizer: ids in, tensors out. It owns its weights. */
export interface Network {
  /** Vectors of sequences of ids. @returns [B, 512], rows of length 1 */
  embed(sequences: readonly Int32Array[]): tf.Tensor2D;
  /** Attention weights of one sequence. @returns [1, H, T, T] for each layer */
  attend(sequence: Int32Array): tf.Tensor4D[];
  dispose(): void;
}

export function createNetwork(weights: EncoderWeights): Network {
  const { embeddingRows, embeddingWidth, longest, width } = SIZES;
  const embedding = tf.keep(tf.tensor2d(weights['embedding'], [embeddingRows, embeddingWidth]));
  const signal = tf.keep(tf.tensor2d(timingSignal(weights['frequencies']), [longest, embeddingWidth]));
  const output: Dense = {
    kernel: tf.keep(tf.tensor2d(weights['output/kernel'], [width, width])),
    bias: tf.keep(tf.tensor1d(weights['output/bias'])),
  };
  const layers = SIZES.layers.map((sizes, n) => createTransformerLayer(weightsOf(n, weights), sizes));

  function run(sequences: readonly Int32Array[], returnWeights = false) {
    const lengths = Int32Array.from(sequences, ({ length }) => length);
    const attended: tf.Tensor4D[] = [];
    let states = withPositions(sequences, Math.max(...lengths));
    for (const layer of layers) {
      const result = layer.apply(states, lengths, returnWeights);
      states = result.output;
      if (result.weights !== undefined) attended.push(result.weights);
    }
    return { states, lengths, attended };
  }

  /** Embeddings with positions. @returns [B, T, 256]; past a row's end, the vectors of id 0, which are never read */
  function withPositions(sequences: readonly Int32Array[], time: number): tf.Tensor3D {
    const ids = new Int32Array(sequences.length * time);
    for (const [b, sequence] of sequences.entries()) ids.set(sequence, b * time);
    const vectors = tf.gather(embedding, tf.tensor1d(ids, 'int32')); // [B·T, 256]
    const positions = tf.slice(signal, [0, 0], [time, embeddingWidth]); // [T, 256]
    // The vectors count twice: the original adds them to the sum of vectors and signal, and was trained this way.
    const doubled = tf.mul(tf.reshape(vectors, [sequences.length, time, embeddingWidth]), 2);
    return tf.add(doubled, positions);
  }

  return {
    embed: (sequences) =>
      tf.tidy(() => {
        const { states, lengths } = run(sequences);
        const y = tf.tanh(dense(mean(states, lengths), output)); // [B, 1, 512]
        return ofLengthOne(tf.reshape(y, [sequences.length, width]));
      }),
    attend: (sequence) => tf.tidy(() => run([sequence], true).attended),
    dispose() {
      tf.dispose([embedding, signal, output.kernel, output.bias]);
      for (const layer of layers) layer.dispose();
    },
  };
}

function weightsOf(layer: number, weights: EncoderWeights): EncoderWeights {
  const prefix = `${layer}/`;
  const own = Object.entries(weights).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(own.map(([key, values]) => [key.slice(prefix.length), values]));
}

/** Mean over the positions up to each row's length: x [B, T, E] → [B, 1, E]. */
function mean(x: tf.Tensor3D, lengths: Int32Array): tf.Tensor3D {
  const [batch, time] = x.shape;
  const shares = new Float32Array(batch * time);
  for (const [b, length] of lengths.entries()) shares.fill(1 / length, b * time, b * time + length);
  return tf.sum(tf.mul(x, tf.tensor3d(shares, [batch, time, 1])), 1, true);
}

/** Rows of x scaled to length 1: x / ‖x‖. */
const ofLengthOne = (x: tf.Tensor2D): tf.Tensor2D => tf.mul(x, tf.rsqrt(tf.sum(tf.square(x), 1, true)));
