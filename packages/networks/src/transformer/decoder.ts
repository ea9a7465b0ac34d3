import * as tf from '@tensorflow/tfjs-core';
import { selfAttend, type BoundMechanism, type MemoryTensors, type PreparedMemory } from '@heed/attention';
import {
  addBias,
  createCopyGate,
  createLayerNorm,
  throughBlock,
  toRows,
  toSequences,
  countOf,
  type Dropout,
  type Ids,
  type Parameters,
  type TeachingBatch,
  type TransformerBlock,
} from '@heed/nn';
import { createHeadMean, type HeadMean } from '../head-mean.js';
import { createAttention, createFeedForward } from './blocks.js';
import type { TransformerConfig } from './config.js';
import { createEmbedding, type Embedding } from './embedding.js';

/** What decides a decoder, whatever its sources are. */
export type DecoderConfig = Pick<
  TransformerConfig,
  'width' | 'heads' | 'decoderLayers' | 'feedForwardWidth' | 'positions' | 'tiedEmbeddings' | 'copying'
>;

/** What a decoder gives, row by row. */
interface Decoded {
  /** [N, V] */
  readonly logits: tf.Tensor2D;
  /** What the last block saw of the source, [N, E]. */
  readonly context: tf.Tensor2D;
  /** Weights of the last block, the mean of its heads by `headMean`, [N, S]; when asked for. */
  readonly weights?: tf.Tensor2D;
  /** p_gen before the sigmoid, [N, 1], in a model that copies. */
  readonly gates?: tf.Tensor2D;
}

export interface Decoder {
  /** Of the last block's attention to the source. */
  readonly headMean: HeadMean;
  /** The source, ready to be looked at by each block. Inside a tidy they live as long as that. */
  prepare(memory: tf.Tensor3D, lengths?: Int32Array): readonly PreparedMemory[];
  /** Keys and values of no positions, for each block and N rows. */
  emptyCaches(rows: number, capacity?: number): readonly PreparedMemory[];
  /** What `prepare` gave, from its tensors. */
  restoreSources(tensors: readonly MemoryTensors[]): readonly PreparedMemory[];
  /** Keys and values of what was written, from their tensors. */
  restoreCaches(tensors: readonly MemoryTensors[]): readonly PreparedMemory[];
  /** Teacher forcing, all places at once; rows time-major, N = T·B. */
  teach(sources: readonly PreparedMemory[], batch: TeachingBatch, options: TeachOptions): Decoded;
  /**
   * One step; the caches grow by it.
   *
   * @param ids   of the symbol before, [N], K rows for each source
   * @param place how many steps were before, or what `sines` gives for that
   */
  step(
    sources: readonly PreparedMemory[],
    caches: readonly PreparedMemory[],
    ids: Ids,
    place: number | tf.Tensor2D,
  ): Decoded;
  /** What tells a step its place, besides its caches; absent where they do. */
  readonly sines?: Embedding['sines'];
}

interface TeachOptions {
  readonly dropout?: Dropout;
  readonly returnWeights: boolean;
}

/** How the blocks are gone through: at once for all places, or for one more. */
interface Pass extends TeachOptions {
  readonly sources: readonly PreparedMemory[];
  /** Self-attention of a block to the rows before: normalised [N, E] → what they see, [N, E]. */
  attend(rows: tf.Tensor2D, mechanism: BoundMechanism, block: number): tf.Tensor2D;
}

/**
 * Blocks of self-attention to what was written, of attention to the source and of feed-forward, and a norm after all; then a softmax over the symbols.
 *
 * @param rows    of the table of vectors: symbols that can be written, and others that only come in, such as the unknown one
 * @param symbols V
 * @see Vaswani et al. 2017, arXiv:1706.03762, §3.1; Xiong et al. 2020, arXiv:2002.04745
 */
export function createDecoder(
  config: DecoderConfig,
  parameters: Parameters,
  { rows, symbols }: { readonly rows: number; readonly symbols: number },
): Decoder {
  const { width, tiedEmbeddings } = config;
  const embedding = createEmbedding(parameters, 'decoder/embedding', rows, config);
  const blocks = Array.from({ length: config.decoderLayers }, (_, n) => {
    const key = `decoder/${n}`;
    return {
      attention: createAttention(parameters, `${key}/self_attention`, config, config.positions === 'rotary'),
      crossAttention: createAttention(parameters, `${key}/attention`, config, false),
      feedForward: createFeedForward(parameters, `${key}/feed_forward`, config),
    } satisfies TransformerBlock;
  });
  const headMean = createHeadMean();
  const norm = createLayerNorm(parameters, 'decoder/norm', width);
  const kernel = tiedEmbeddings ? undefined : parameters.kernel('output/kernel', [width, symbols]);
  const bias = parameters.bias('output/bias', new Float32Array(symbols));
  const copyGate = config.copying
    ? createCopyGate(parameters, embedding.table, { stateWidth: width, contextWidth: width })
    : undefined;

  function logitsOf(x: tf.Tensor2D): tf.Tensor2D {
    if (kernel !== undefined) return addBias(tf.matMul(x, kernel), bias);
    // The others are never written.
    const table = rows === symbols ? embedding.table : tf.slice(embedding.table, [0, 0], [symbols, width]);
    return addBias(tf.matMul(x, table as tf.Tensor2D, false, true), bias);
  }

  /** All blocks: x [N, E], the same number of rows for each source. */
  function through(x: tf.Tensor2D, { sources, attend, returnWeights, dropout }: Pass) {
    let seen: { context: tf.Tensor3D; weights?: tf.Tensor } | undefined;
    const output = blocks.reduce(
      (before, block, n) =>
        throughBlock(block, before, {
          dropout,
          attend: (rows, mechanism) => attend(rows, mechanism, n),
          attendToSource(rows, mechanism) {
            seen = mechanism.attend(toSequences(rows, sources[n].batch), sources[n], {
              // Rows of the target sit on no position of the source.
              alignment: { align: 'top-left' },
              returnWeights: returnWeights && n === blocks.length - 1,
            });
            return toRows(seen.context);
          },
        }),
      x,
    );
    const { context, weights } = seen!;
    return { output: norm(output), context, weights: weights && headMean.of(weights as tf.Tensor4D) };
  }

  return {
    headMean,
    prepare: (memory, lengths) =>
      blocks.map(({ crossAttention }) => crossAttention.mechanism.prepare(memory, { lengths })),
    ...(embedding.sines && { sines: embedding.sines }),
    emptyCaches(count, capacity = 0) {
      const nothing = tf.zeros<tf.Rank.R3>([count, 0, width]);
      const caches = blocks.map(({ attention }) => attention.mechanism.prepare(nothing, { capacity }));
      nothing.dispose();
      return caches;
    },
    restoreSources: (tensors) => blocks.map(({ crossAttention }, n) => crossAttention.mechanism.restore(tensors[n])),
    restoreCaches: (tensors) => blocks.map(({ attention }, n) => attention.mechanism.restore(tensors[n])),
    teach(sources, { inputs, batch, time }, { dropout, returnWeights }) {
      const embedded = embedding.at(byRows(inputs, batch, time), batch);
      const { output, context, weights } = through(dropout ? dropout(embedded, 'decoder') : embedded, {
        sources,
        dropout,
        returnWeights,
        attend: (rows, mechanism) => toRows(selfAttend(mechanism, toSequences(rows, batch), { causal: true }).context),
      });
      const states = timeMajor(toSequences(output, batch));
      const contexts = timeMajor(context);
      return {
        logits: logitsOf(states),
        context: contexts,
        ...(weights && { weights: timeMajor(weights) }),
        ...(copyGate && { gates: copyGate(inputs, states, contexts) }),
      };
    },
    step(sources, caches, ids, place) {
      const rows = countOf(ids);
      const { output, context, weights } = through(embedding.at(ids, rows, place), {
        sources,
        returnWeights: true,
        attend(x, mechanism, n) {
          const cache = caches[n].append(toSequences(x, rows));
          return mechanism.attend(x, cache, { alignment: { align: 'bottom-right' } }).context;
        },
      });
      const seen = toRows(context);
      return {
        logits: logitsOf(output),
        context: seen,
        weights: toRows(weights!),
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
