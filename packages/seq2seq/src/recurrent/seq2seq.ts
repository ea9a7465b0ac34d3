import * as tf from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/core';
import { createAttention } from './attention.js';
import { createBahdanauDecoder } from './bahdanau.js';
import { encodeSources, pad, teachingBatch } from '../layers/batch.js';
import { beamSearch, planBeam, type BeamOptions } from '../decoding/beam.js';
import { parseConfig } from '../layers/schema.js';
import { seq2seqSchema, type Seq2SeqConfig } from './config.js';
import { Decoding } from '../decoding/decoding.js';
import { createDropout } from '../layers/dropout.js';
import { createEncoder, type Encoded } from '../layers/encoder.js';
import { crossEntropy } from '../layers/fused/cross-entropy.js';
import { greedySearch, type GreedyOptions } from '../decoding/greedy.js';
import type { Hypothesis } from '../decoding/hypothesis.js';
import { createLuongDecoder } from './luong.js';
import { Parameters, type ParameterTable } from '../layers/parameters.js';
import { teachSteps, type Taught } from './teach.js';
import { tidy } from '../layers/tidy.js';
import { Vocabulary } from '../layers/vocabulary.js';
import type { LossOptions, Trainable } from '../training/trainable.js';
import { watchGreedy, type WatchedStep, type WatchOptions } from './watch.js';

/** A source with the output that is to be learnt. */
export interface Pair {
  readonly source: readonly string[];
  readonly target: readonly string[];
}

/**
 * An encoder–decoder over two alphabets. It knows nothing of what the symbols mean.
 *
 * Results for a source don't depend on the sources that it is given together with.
 */
export interface Seq2Seq extends Trainable<Pair> {
  readonly config: Seq2SeqConfig;
  /**
   * Mean cross-entropy per target symbol, the end included, in nats, under teacher forcing. Differentiable in the
   * parameters where TensorFlow.js's gradients are registered.
   *
   * @returns a scalar, the caller's to dispose
   * @throws HeedError INVALID_ARGUMENT for no pairs, an empty source, or a symbol that isn't in the vocabulary
   */
  loss(pairs: readonly Pair[], options?: LossOptions): tf.Scalar;
  /**
   * Scores of every symbol, and what was looked at, at each place of the targets under teacher forcing; rows of shorter
   * targets go on past their end.
   *
   * @returns tensors that are the caller's to dispose
   * @throws HeedError INVALID_ARGUMENT as `loss`
   */
  teach(pairs: readonly Pair[]): Taught;
  /**
   * The most probable symbol at every step.
   *
   * @throws HeedError INVALID_ARGUMENT as `loss`; NOT_FINITE when the parameters are broken
   */
  greedy(sources: readonly (readonly string[])[], options?: GreedyOptions): Promise<Hypothesis[]>;
  /**
   * Greedy search of one source, step by step: each is made when it is asked for, and leaving the loop ends it.
   *
   * @throws HeedError as `greedy`, when the first step is asked for
   */
  watch(source: readonly string[], options?: WatchOptions): AsyncGenerator<WatchedStep>;
  /**
   * Beam search; of each source the best hypotheses, best first.
   *
   * @throws HeedError INVALID_ARGUMENT as `loss`, or for options out of range; NOT_FINITE when the parameters are broken
   */
  beam(sources: readonly (readonly string[])[], options?: BeamOptions): Promise<Hypothesis[][]>;
}

/**
 * A model with parameters from the configuration's seed, or with the given ones.
 *
 * @param given values of all parameters by key, as `parameters` names them; copied
 * @throws HeedError CONFIG_INVALID; with given values CHECKPOINT_INVALID (one is missing or unknown), SHAPE_MISMATCH,
 *   NOT_FINITE
 */
export function createSeq2Seq(config: Seq2SeqConfig, given?: ParameterTable): Seq2Seq {
  const checked = parseConfig('createSeq2Seq', seq2seqSchema, config) as Seq2SeqConfig;
  const parameters = new Parameters(checked.seed, given);
  try {
    const model = build(checked, parameters);
    parameters.checkAllUsed();
    return model;
  } catch (error) {
    parameters.dispose();
    throw error;
  }
}

function build(config: Seq2SeqConfig, parameters: Parameters): Seq2Seq {
  const source = new Vocabulary('source', config.sourceSymbols);
  const target = new Vocabulary('target', config.targetSymbols);
  const encoder = createEncoder(config, parameters, source.size);
  const attention = createAttention(config.attention, parameters, {
    queryWidth: config.decoderUnits,
    memoryWidth: encoder.memoryWidth,
  });
  const createDecoder = config.architecture === 'bahdanau' ? createBahdanauDecoder : createLuongDecoder;
  const decoder = createDecoder(config, parameters, { encoder, attention, symbols: target.size });
  let disposed = false;

  function assertAlive(call: string): void {
    if (disposed) throw new HeedError('DISPOSED', { message: `seq2seq: ${call} after dispose` });
  }

  function encodePairs(call: string, pairs: readonly Pair[]) {
    assertAlive(call);
    if (pairs.length === 0) throw new HeedError('INVALID_ARGUMENT', { message: `${call}: there are no pairs` });
    const sources = encodeSources(
      pairs.map((pair) => pair.source),
      source,
    );
    return { sources: pad(sources), batch: teachingBatch(pairs.map((pair) => target.encode(pair.target))) };
  }

  function loss(pairs: readonly Pair[], { labelSmoothing = 0, dropout }: LossOptions = {}): tf.Scalar {
    const { sources, batch } = encodePairs('loss', pairs);
    const drop = dropout && createDropout(config.dropout, dropout.seed, dropout.step);
    const count = batch.counts.reduce((sum, one) => sum + one, 0);
    return tidy(() => {
      const encoded = encoder.encode(sources);
      const seen: Encoded = drop ? { ...encoded, memory: drop(encoded.memory, 'memory') } : encoded;
      const logits = decoder.teach(seen, attention.prepare(seen), batch, drop);
      const weights = batch.counts.map((one) => one / count);
      return crossEntropy(logits, { ids: batch.targets, weights, smoothing: labelSmoothing });
    });
  }

  /** Encodes the sources, for a search over them. */
  function open(sources: readonly (readonly number[])[], beams: number) {
    const padded = pad(sources);
    const encoded = tidy(() => encoder.encode(padded));
    const prepared = attention.prepare(encoded);
    const decoding = new Decoding({ decoder, symbols: target.size }, prepared, encoded, beams);
    return {
      decoding,
      lengths: padded.lengths,
      close() {
        decoding.dispose();
        prepared.dispose();
        tf.dispose([encoded.memory, ...Object.values(encoded.last)]);
      },
    };
  }

  async function decode<T>(
    sources: readonly (readonly number[])[],
    beams: number,
    search: (decoding: Decoding, lengths: Int32Array) => Promise<T[]>,
  ): Promise<T[]> {
    const { decoding, lengths, close } = open(sources, beams);
    try {
      return await search(decoding, lengths);
    } finally {
      close();
    }
  }

  return {
    config,
    parameters: parameters.all,
    parameterCount: Object.values(parameters.all).reduce((sum, { size }) => sum + size, 0),
    loss,
    teach(pairs) {
      const { sources, batch } = encodePairs('teach', pairs);
      return tidy(() => {
        const encoded = encoder.encode(sources);
        return teachSteps(decoder, attention.prepare(encoded), encoded, batch);
      });
    },
    async greedy(sources, options = {}) {
      assertAlive('greedy');
      return inChunks(encodeSources(sources, source), CHUNK, (chunk) =>
        decode(chunk, 1, (decoding, lengths) => greedySearch(decoding, lengths, target, options)),
      );
    },
    async *watch(sequence, options = {}) {
      assertAlive('watch');
      const { decoding, lengths, close } = open(encodeSources([sequence], source), 1);
      try {
        yield* watchGreedy(decoding, lengths[0]!, target, options);
      } finally {
        close();
      }
    },
    async beam(sources, options = {}) {
      assertAlive('beam');
      const plan = planBeam(options);
      return inChunks(encodeSources(sources, source), Math.ceil(CHUNK / plan.width), (chunk) =>
        decode(chunk, plan.width, (decoding, lengths) => beamSearch(decoding, lengths, target, plan)),
      );
    },
    dispose() {
      disposed = true;
      parameters.dispose();
    },
  };
}

// Rows of one decoding, beams included: enough for matrix products to be efficient, few enough to stay small.
const CHUNK = 256;

/** Sources of like length together, results in the order of the sources. */
async function inChunks<T>(
  sources: readonly (readonly number[])[],
  size: number,
  decode: (chunk: readonly (readonly number[])[]) => Promise<T[]>,
): Promise<T[]> {
  const order = sources.map((_, n) => n).toSorted((a, b) => sources[a]!.length - sources[b]!.length);
  const results = Array.from<T>({ length: sources.length });
  for (let start = 0; start < order.length; start += size) {
    const chunk = order.slice(start, start + size);
    const decoded = await decode(chunk.map((n) => sources[n]!));
    chunk.forEach((n, i) => (results[n] = decoded[i]!));
  }
  return results;
}
