import * as tf from '@tensorflow/tfjs-core';
import { selfAttend, type PreparedMemory } from '@heed/attention';
import { addBias, createCopyGate, createLayerNorm, type Dropout, type Parameters, type TeachingBatch } from '@heed/nn';
import type { TransformerConfig } from './config.js';
import { createEmbedding } from './embedding.js';
import { addTo, createAttentionLayer, createFeedForward, deep, flat } from './layers.js';

/** What a decoder gives, row by row. */
interface Decoded {
  /** [N, V] */
  readonly logits: tf.Tensor2D;
  /** What the last layer saw of the source, [N, E]. */
  readonly context: tf.Tensor2D;
  /** Weights of the last block, the mean of its heads, [N, S]; when asked for. */
  readonly weights?: tf.Tensor2D;
  /** p_gen before the sigmoid, [N, 1], in a model that copies. */
  readonly gates?: tf.Tensor2D;
}

export interface Decoder {
  readonly layers: number;
  /** The source, ready to be looked at by each layer. Inside a tidy they live as long as that. */
  prepare(memory: tf.Tensor3D, lengths: Int32Array): readonly PreparedMemory[];
  /** Each layer's keys and values of no positions, for N rows. */
  emptyCaches(rows: number): readonly PreparedMemory[];
  /** Teacher forcing, all places at once; rows time-major, N = T·B. */
  teach(sources: readonly PreparedMemory[], batch: TeachingBatch, options: TeachOptions): Decoded;
  /**
   * One step; the caches grow by it.
   *
   * @param ids   of the symbol before, [N], K rows for each source
   * @param place how many steps were before
   */
  step(sources: readonly PreparedMemory[], caches: readonly PreparedMemory[], ids: Int32Array, place: number): Decoded;
}

interface TeachOptions {
  readonly dropout?: Dropout;
  readonly returnWeights: boolean;
}

/** One layer's self-attention: normalised rows [N, E] → what they see of themselves and of the rows before, [N, E]. */
type SelfAttention = (normalised: tf.Tensor2D, layer: number) => tf.Tensor2D;

interface Way extends TeachOptions {
  /** B */
  readonly batch: number;
  readonly sources: readonly PreparedMemory[];
  readonly selfAttention: SelfAttention;
}

/**
 * Layers of self-attention to what was written, of attention to the source and of feed-forward, with norms before them and
 * one after all; then a softmax over the symbols.
 *
 * @param rows    of the table of vectors, with the unknown symbol when there is one
 * @param symbols V
 * @see Vaswani et al. 2017, arXiv:1706.03762, §3.1; Xiong et al. 2020, arXiv:2002.04745
 */
export function createDecoder(
  config: TransformerConfig,
  parameters: Parameters,
  { rows, symbols }: { readonly rows: number; readonly symbols: number },
): Decoder {
  const { width, tied } = config;
  const embedding = createEmbedding(parameters, 'decoder/embedding', rows, config);
  const layers = Array.from({ length: config.decoderLayers }, (_, n) => {
    const key = `decoder/${n}`;
    return {
      key,
      self: createAttentionLayer(parameters, `${key}/self_attention`, config, config.positions === 'rotary'),
      cross: createAttentionLayer(parameters, `${key}/attention`, config, false),
      feedForward: createFeedForward(parameters, `${key}/feed_forward`, config),
    };
  });
  const norm = createLayerNorm(parameters, 'decoder/norm', width);
  const kernel = tied ? undefined : parameters.kernel('output/kernel', [width, symbols]);
  const bias = parameters.bias('output/bias', new Float32Array(symbols));
  const copyGate = config.copying
    ? createCopyGate(parameters, embedding.table, { stateWidth: width, contextWidth: width })
    : undefined;

  function logitsOf(x: tf.Tensor2D): tf.Tensor2D {
    if (kernel !== undefined) return addBias(tf.matMul(x, kernel), bias);
    // The unknown symbol is never written.
    const table = rows === symbols ? embedding.table : tf.slice(embedding.table, [0, 0], [symbols, width]);
    return addBias(tf.matMul(x, table as tf.Tensor2D, false, true), bias);
  }

  /** All layers: x [B·T, E], batch-major. */
  function through(x: tf.Tensor2D, { batch, sources, selfAttention, returnWeights, dropout }: Way) {
    let seen: { context: tf.Tensor3D; weights?: tf.Tensor } | undefined;
    layers.forEach(({ key, self, cross, feedForward }, n) => {
      x = addTo(x, selfAttention(self.norm(x), n), `${key}/self_attention`, dropout);
      seen = cross.mechanism.attend(deep(cross.norm(x), batch), sources[n], {
        // Rows of the target sit on no position of the source.
        alignment: { align: 'top-left' },
        returnWeights: returnWeights && n === layers.length - 1,
      });
      x = addTo(x, flat(seen.context), `${key}/attention`, dropout);
      x = feedForward(x, dropout);
    });
    const { context, weights } = seen!;
    return { output: norm(x), context, weights: weights && (tf.mean(weights, 1) as tf.Tensor3D) };
  }

  return {
    layers: layers.length,
    prepare: (memory, lengths) => layers.map(({ cross }) => cross.mechanism.prepare(memory, { lengths })),
    emptyCaches(count) {
      const nothing = tf.zeros<tf.Rank.R3>([count, 0, width]);
      const caches = layers.map(({ self }) => self.mechanism.prepare(nothing));
      nothing.dispose();
      return caches;
    },
    teach(sources, { inputs, batch, time }, { dropout, returnWeights }) {
      const embedded = embedding.at(byRows(inputs, batch, time), batch);
      const { output, context, weights } = through(dropout ? dropout(embedded, 'decoder') : embedded, {
        batch,
        sources,
        dropout,
        returnWeights,
        selfAttention: (x, n) => flat(selfAttend(layers[n].self.mechanism, deep(x, batch), { causal: true }).context),
      });
      const states = timeMajor(deep(output, batch));
      const contexts = timeMajor(context);
      return {
        logits: logitsOf(states),
        context: contexts,
        ...(weights && { weights: timeMajor(weights) }),
        ...(copyGate && { gates: copyGate(inputs, states, contexts) }),
      };
    },
    step(sources, caches, ids, place) {
      const batch = sources[0].batch;
      const { output, context, weights } = through(embedding.at(ids, ids.length, place), {
        batch,
        sources,
        returnWeights: true,
        selfAttention(x, n) {
          const cache = caches[n].append(deep(x, ids.length));
          return layers[n].self.mechanism.attend(x, cache).context;
        },
      });
      const seen = flat(context);
      return {
        logits: logitsOf(output),
        context: seen,
        weights: flat(weights!),
        ...(copyGate && { gates: copyGate(ids, output, seen) }),
      };
    },
  };
}

/** Time-major [T, B] → row-major [B, T]. */
function byRows(ids: Int32Array, batch: number, time: number): Int32Array {
  return ids.map((_, at) => ids[(at % time) * batch + Math.floor(at / time)]);
}

/** [B, T, W] → [T·B, W] */
function timeMajor(x: tf.Tensor3D): tf.Tensor2D {
  const [batch, time, width] = x.shape;
  return tf.reshape(tf.transpose(x, [1, 0, 2]), [time * batch, width]);
}
