import * as tf from '@tensorflow/tfjs-core';
import { Decoding } from '../decoding/decoding.js';
import type { Walk } from '../decoding/walk.js';
import { searches, type Search } from '../decoding/searches.js';
import type { EncoderDecoder } from '../encoder-decoder.js';
import {
  checkLossOptions,
  createDropout,
  entropyOf,
  guardedGraphs,
  mixtureLogits,
  PairCoder,
  tidy,
  withParameters,
  type LossOptions,
  type PaddedIds,
  type Pair,
  type Parameters,
  type ParameterTable,
} from '@heed/nn';
import { parseTransformer, type TransformerConfig } from './config.js';
import { createDecoder } from './decoder.js';
import { createEncoder } from './encoder.js';
import { transformerGraphs } from './graphs.js';
import { replayedSteps } from './steps.js';
import { equalWalk, transformerWalk } from './walk.js';

/** An encoder–decoder of attention alone. */
export interface Transformer extends EncoderDecoder {
  readonly config: TransformerConfig;
}

/**
 * A model with parameters from the configuration's seed, or with the given ones.
 *
 * @param given values of all parameters by key, as `parameters` names them; copied
 * @throws HeedError CONFIG_INVALID; with given values CHECKPOINT_INVALID (one is missing or unknown), SHAPE_MISMATCH,
 *   NOT_FINITE
 * @see Vaswani et al. 2017, arXiv:1706.03762
 */
export function createTransformer(config: TransformerConfig, given?: ParameterTable): Transformer {
  const checked = parseTransformer('createTransformer', config);
  return withParameters(checked.seed, given, (parameters) => build(checked, parameters));
}

function build(config: TransformerConfig, parameters: Parameters): Transformer {
  const coder = new PairCoder(config);
  const encoder = createEncoder(config, parameters, coder.sourceRows);
  const decoder = createDecoder(config, parameters, { rows: coder.targetRows, symbols: coder.target.size });

  const replayed = replayedSteps(encoder, decoder);

  function loss(pairs: readonly Pair[], options: LossOptions = {}): tf.Scalar {
    checkLossOptions('transformer: loss', options);
    const { labelSmoothing = 0, dropout } = options;
    parameters.assertAlive('transformer: loss');
    const { sources, batch, copies } = coder.pairs('loss', pairs);
    const drop = dropout && createDropout(config.dropout, dropout.seed, dropout.step);
    const count = batch.counts.reduce((sum, one) => sum + one, 0);
    return tidy(() => {
      const prepared = decoder.prepare(encoder(sources, drop), sources.lengths);
      const places = decoder.teach(prepared, batch, { dropout: drop, returnWeights: copies !== undefined });
      const weights = batch.counts.map((one) => one / count);
      return entropyOf(places, { ids: batch.targets, weights, smoothing: labelSmoothing }, copies);
    });
  }

  /** Encodes the sources, for a search over them. */
  function open(texts: readonly (readonly string[])[], beams: number): Search {
    const padded = coder.sources(texts);
    const isEqual = padded.lengths.every((length) => length === padded.time);
    const walk = isEqual ? equalWalk(replayed, padded, beams) : paddedWalk(padded, beams);
    const copies = coder.copies(texts);
    return {
      decoding: new Decoding(walk, { symbols: coder.target.size, beams, copies }),
      lengths: padded.lengths,
      symbols: copies ?? coder.target,
      close: () => walk.dispose(),
    };
  }

  function paddedWalk(padded: PaddedIds, beams: number): Walk {
    const memory = tidy(() => encoder(padded));
    const walk = transformerWalk(decoder, memory, padded.lengths, beams);
    memory.dispose();
    return walk;
  }

  return {
    config,
    parameters: parameters.all,
    parameterCount: parameters.count,
    headMean: decoder.headMean,
    loss,
    teach(pairs) {
      parameters.assertAlive('transformer: teach');
      const { sources, batch, copies } = coder.pairs('teach', pairs);
      return tidy(() => {
        const prepared = decoder.prepare(encoder(sources), sources.lengths);
        const { logits, weights, gates } = decoder.teach(prepared, batch, { returnWeights: true });
        const scores = copies ? mixtureLogits({ logits, gates: gates!, weights: weights! }, copies) : logits;
        return {
          logits: byPairs(scores, batch.batch),
          weights: byPairs(weights!, batch.batch),
          ...(copies && { beyond: copies.beyond }),
        };
      });
    },
    ...searches({
      assertAlive: (call) => parameters.assertAlive(`transformer: ${call}`),
      check: (sources: readonly (readonly string[])[]) => void coder.sources(sources),
      lengthOf: ({ length }) => length,
      open,
    }),
    graphs: () => guardedGraphs('transformer', parameters, () => transformerGraphs(encoder, decoder)),
    dispose() {
      replayed.dispose();
      parameters.dispose();
    },
  };
}

/** Time-major [T·B, W] → [B, T, W] */
function byPairs(x: tf.Tensor2D, batch: number): tf.Tensor3D {
  const [rows, width] = x.shape;
  return tf.transpose(tf.reshape(x, [rows / batch, batch, width]), [1, 0, 2]);
}
