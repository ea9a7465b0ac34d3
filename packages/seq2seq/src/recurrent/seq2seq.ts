import * as tf from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/core';
import { createAttention } from './attention.js';
import { createBahdanauDecoder } from './bahdanau.js';
import { encodeSources, pad, teachingBatch } from '../layers/batch.js';
import type { BeamOptions } from '../decoding/beam.js';
import { parseConfig } from '../layers/schema.js';
import { seq2seqSchema, type Seq2SeqConfig } from './config.js';
import { Decoding } from '../decoding/decoding.js';
import { createDropout } from '../layers/dropout.js';
import { createEncoder, type Encoded } from '../layers/encoder.js';
import { crossEntropy } from '../layers/fused/cross-entropy.js';
import type { GreedyOptions } from '../decoding/greedy.js';
import type { Hypothesis } from '../decoding/hypothesis.js';
import { createLuongDecoder } from './luong.js';
import { Parameters, type ParameterTable } from '../layers/parameters.js';
import { teachSteps, type Taught } from './teach.js';
import { tidy } from '../layers/tidy.js';
import { Vocabulary } from '../layers/vocabulary.js';
import type { LossOptions, Trainable } from '../training/trainable.js';
import type { WatchedStep, WatchOptions } from '../decoding/watch.js';
import { searches, type Search } from '../decoding/searches.js';
import { CopyTable } from '../layers/copy-table.js';
import { copyCrossEntropy } from '../layers/fused/copy-cross-entropy.js';
import { coverageLoss } from '../layers/fused/coverage-loss.js';
import { recurrentWalk } from './walk.js';

/**
 * A source with the output that is to be learnt. A model that copies takes any symbols in the source, and in the target those
 * of its vocabulary and of the source.
 */
export interface Pair {
  readonly source: readonly string[];
  readonly target: readonly string[];
}

/**
 * An encoder–decoder over two alphabets. It knows nothing of what the symbols mean. With `copying` it writes symbols of the
 * source that are in neither alphabet, too; all of them look alike to it, so it copies them by their places.
 *
 * Results for a source don't depend on the sources that it is given together with.
 */
export interface Seq2Seq extends Trainable<Pair> {
  readonly config: Seq2SeqConfig;
  /**
   * Mean cross-entropy per target symbol, the end included, in nats, under teacher forcing; with coverage also the mean
   * coverage loss times its weight. Differentiable in the parameters where TensorFlow.js's gradients are registered.
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
  // A row for all symbols that the vocabulary lacks.
  const unknown = config.copying ? { source: source.size, target: target.size } : undefined;
  const encoder = createEncoder(config, parameters, source.size + (unknown ? 1 : 0));
  const attention = createAttention(
    config.attention,
    parameters,
    { queryWidth: config.decoderUnits, memoryWidth: encoder.memoryWidth },
    config.coverage,
  );
  const createDecoder = config.architecture === 'bahdanau' ? createBahdanauDecoder : createLuongDecoder;
  const decoder = createDecoder(config, parameters, { encoder, attention, symbols: target.size });
  let disposed = false;

  function assertAlive(call: string): void {
    if (disposed) throw new HeedError('DISPOSED', { message: `seq2seq: ${call} after dispose` });
  }

  function encodePairs(call: string, pairs: readonly Pair[]) {
    assertAlive(call);
    if (pairs.length === 0) throw new HeedError('INVALID_ARGUMENT', { message: `${call}: there are no pairs` });
    const texts = pairs.map((pair) => pair.source);
    const sources = pad(encodeSources(texts, source, unknown?.source));
    const copies = config.copying ? new CopyTable(texts, target) : undefined;
    const targets = pairs.map((pair, b) => copies?.encodeTarget(pair.target, b) ?? target.encode(pair.target));
    return { sources, batch: teachingBatch(targets, unknown?.target), copies };
  }

  function loss(pairs: readonly Pair[], { labelSmoothing = 0, dropout }: LossOptions = {}): tf.Scalar {
    const { sources, batch, copies } = encodePairs('loss', pairs);
    const drop = dropout && createDropout(config.dropout, dropout.seed, dropout.step);
    const count = batch.counts.reduce((sum, one) => sum + one, 0);
    return tidy(() => {
      const encoded = encoder.encode(sources);
      const seen: Encoded = drop ? { ...encoded, memory: drop(encoded.memory, 'memory') } : encoded;
      const { logits, gates, weights, coverage } = decoder.teach(seen, attention.prepare(seen), batch, drop);
      const counts = batch.counts.map((one) => one / count);
      const targets = { ids: batch.targets, weights: counts, smoothing: labelSmoothing };
      const entropy = copies
        ? copyCrossEntropy({ logits, gates: gates!, weights: weights! }, targets, copies)
        : crossEntropy(logits, targets);
      if (coverage === undefined) return entropy;
      return tf.add(entropy, tf.mul(coverageLoss(weights!, coverage, counts), config.coverageLoss ?? 1)) as tf.Scalar;
    });
  }

  /** Encodes the sources, for a search over them. */
  function open(texts: readonly (readonly string[])[], beams: number): Search {
    const padded = pad(encodeSources(texts, source, unknown?.source));
    const encoded = tidy(() => encoder.encode(padded));
    const copies = config.copying ? new CopyTable(texts, target) : undefined;
    const walk = recurrentWalk(decoder, attention.prepare(encoded), encoded, beams);
    return {
      decoding: new Decoding(walk, { symbols: target.size, beams, copies }),
      lengths: padded.lengths,
      symbols: copies ?? target,
      close() {
        walk.dispose();
        tf.dispose([encoded.memory, ...Object.values(encoded.last)]);
      },
    };
  }

  return {
    config,
    parameters: parameters.all,
    parameterCount: Object.values(parameters.all).reduce((sum, { size }) => sum + size, 0),
    loss,
    teach(pairs) {
      const { sources, batch, copies } = encodePairs('teach', pairs);
      return tidy(() => {
        const encoded = encoder.encode(sources);
        return teachSteps(decoder, attention.prepare(encoded), encoded, batch, copies);
      });
    },
    ...searches({ assertAlive, check: (sources) => void encodeSources(sources, source, unknown?.source), open }),
    dispose() {
      disposed = true;
      parameters.dispose();
    },
  };
}
