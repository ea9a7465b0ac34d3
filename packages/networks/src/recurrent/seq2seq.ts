import * as tf from '@tensorflow/tfjs-core';
import type { MechanismOptions } from '@heed/attention';
import { HeedError } from '@heed/core';
import { Decoding } from '../decoding/decoding.js';
import type { Walk } from '../decoding/walk.js';
import { searches, type Search } from '../decoding/searches.js';
import type { EncoderDecoder } from '../encoder-decoder.js';
import {
  checkLossOptions,
  coverageLoss,
  createDropout,
  createEncoder,
  entropyOf,
  guardedGraphs,
  PairCoder,
  tidy,
  withParameters,
  type Encoded,
  type LossOptions,
  type PaddedIds,
  type Pair,
  type Parameters,
  type ParameterTable,
} from '@heed/nn';
import { createAttention } from './attention.js';
import { createBahdanauDecoder } from './bahdanau.js';
import { parseSeq2Seq, type Seq2SeqConfig } from './config.js';
import { recurrentGraphs } from './graphs.js';
import { createLuongDecoder } from './luong.js';
import { teachSteps } from './teach.js';
import { recurrentSteps, replayedSteps } from './steps.js';
import { equalWalk, recurrentWalk } from './walk.js';

export type { Pair } from '@heed/nn';

/** A recurrent encoder–decoder. */
export interface Seq2Seq extends EncoderDecoder {
  readonly config: Seq2SeqConfig;
}

/**
 * A model with parameters from the configuration's seed, or with the given ones.
 *
 * @param given values of all parameters by key, as `parameters` names them; copied
 * @param options the mechanisms that attention may be, by default those of `@heed/attention`
 * @throws HeedError CONFIG_INVALID; with given values CHECKPOINT_INVALID (one is missing or unknown), SHAPE_MISMATCH,
 *   NOT_FINITE
 */
export function createSeq2Seq(config: Seq2SeqConfig, given?: ParameterTable, options?: MechanismOptions): Seq2Seq {
  const checked = parseSeq2Seq('createSeq2Seq', config);
  return withParameters(checked.seed, given, (parameters) => build(checked, parameters, options));
}

function build(config: Seq2SeqConfig, parameters: Parameters, options?: MechanismOptions): Seq2Seq {
  const coder = new PairCoder(config);
  const { cell, embeddingWidth, encoderUnits: units, encoderLayers: layers, bidirectional } = config;
  const encoder = createEncoder({ cell, embeddingWidth, units, layers, bidirectional }, parameters, coder.sourceRows);
  const attention = createAttention(
    config.attention,
    parameters,
    { queryWidth: config.decoderUnits, memoryWidth: encoder.memoryWidth },
    options,
  );
  if (config.coverageLoss !== undefined && !attention.keepsCoverage) {
    throw new HeedError('CONFIG_INVALID', {
      message: `createSeq2Seq: coverageLoss belongs to attention that keeps coverage, and this is '${config.attention.kind}'`,
      hint: "choose attention 'coverage', or leave coverageLoss out",
      details: { path: 'coverageLoss' },
    });
  }
  const createDecoder = config.architecture === 'bahdanau' ? createBahdanauDecoder : createLuongDecoder;
  const decoder = createDecoder(config, parameters, {
    encoder,
    attention,
    symbols: coder.target.size,
    rows: coder.targetRows,
  });

  const steps = recurrentSteps(encoder, attention, decoder);
  const replayed = replayedSteps(steps);

  function loss(pairs: readonly Pair[], options: LossOptions = {}): tf.Scalar {
    checkLossOptions('seq2seq: loss', options);
    const { labelSmoothing = 0, dropout } = options;
    parameters.assertAlive('seq2seq: loss');
    const { sources, batch, copies } = coder.pairs('loss', pairs);
    const drop = dropout && createDropout(config.dropout, dropout.seed, dropout.step);
    const count = batch.counts.reduce((sum, one) => sum + one, 0);
    return tidy(() => {
      const encoded = encoder.encode(sources);
      const seen: Encoded = drop ? { ...encoded, memory: drop(encoded.memory, 'memory') } : encoded;
      const { logits, gates, weights, coverage } = decoder.teach(seen, attention.prepare(seen), batch, drop);
      const counts = batch.counts.map((one) => one / count);
      const targets = { ids: batch.targets, weights: counts, smoothing: labelSmoothing };
      const entropy = entropyOf({ logits, gates, weights }, targets, copies);
      if (coverage === undefined) return entropy;
      return tf.add(entropy, tf.mul(coverageLoss(weights!, coverage, counts), config.coverageLoss ?? 1)) as tf.Scalar;
    });
  }

  /** Encodes the sources, for a search over them. */
  function open(texts: readonly (readonly string[])[], beams: number): Search {
    const padded = coder.sources(texts);
    const copies = coder.copies(texts);
    const isEqual = padded.lengths.every((length) => length === padded.time);
    const walk = isEqual ? equalWalk(replayed, padded, beams) : paddedWalk(padded, beams);
    return {
      decoding: new Decoding(walk, { symbols: coder.target.size, beams, copies }),
      lengths: padded.lengths,
      symbols: copies ?? coder.target,
      close: () => walk.dispose(),
    };
  }

  function paddedWalk(padded: PaddedIds, beams: number): Walk {
    const encoded = tidy(() => encoder.encode(padded));
    const walk = recurrentWalk(decoder, attention.prepare(encoded), encoded, beams);
    return {
      step: (ids, rows) => walk.step(ids, rows),
      keep: (sources) => walk.keep(sources),
      dispose() {
        walk.dispose();
        tf.dispose([encoded.memory, ...Object.values(encoded.last)]);
      },
    };
  }

  return {
    config,
    parameters: parameters.all,
    parameterCount: parameters.count,
    headMean: attention.headMean,
    loss,
    teach(pairs) {
      parameters.assertAlive('seq2seq: teach');
      const { sources, batch, copies } = coder.pairs('teach', pairs);
      return tidy(() => {
        const encoded = encoder.encode(sources);
        return teachSteps(decoder, attention.prepare(encoded), encoded, batch, copies);
      });
    },
    ...searches({
      assertAlive: (call) => parameters.assertAlive(`seq2seq: ${call}`),
      check: (sources: readonly (readonly string[])[]) => void coder.sources(sources),
      lengthOf: ({ length }) => length,
      open,
    }),
    graphs: () => guardedGraphs('seq2seq', parameters, () => recurrentGraphs(steps)),
    dispose() {
      replayed.dispose();
      parameters.dispose();
    },
  };
}
