import * as tf from '@tensorflow/tfjs-core';
import { HeedError, checkOptions, type OptionNames } from '@heed/core';
import {
  breathe,
  checkLossOptions,
  createDropout,
  crossEntropy,
  dataOf,
  guardedGraphs,
  stepsWhileAlive,
  Vocabulary,
  withParameters,
  type LossOptions,
  type Parameters,
  type ParameterTable,
  type Trainable,
} from '@heed/nn';
import { textBatch, type TextSequence } from './batch.js';
import { parseLanguage, type LanguageConfig } from './config.js';
import { generate, type GeneratedSymbol, type GenerateOptions } from './generate.js';
import { logSumExp } from './log-probabilities.js';
import { createLstm } from './lstm.js';
import { traceOf, type TextTrace } from './trace.js';
import { createTransformer } from './transformer.js';

/**
 * Gives each symbol of a text a probability from those before it. It knows nothing of what the symbols mean.
 *
 * Results for a text don't depend on the texts that it is given together with.
 */
export interface LanguageModel extends Trainable<TextSequence> {
  readonly config: LanguageConfig;
  /**
   * Mean cross-entropy per predicted symbol, in nats. Differentiable in the parameters where TensorFlow.js's gradients
   * are registered.
   *
   * @returns a scalar, the caller's to dispose
   * @throws HeedError INVALID_ARGUMENT for no texts, one that predicts nothing, or a symbol that isn't in the
   *   vocabulary
   */
  loss(texts: readonly TextSequence[], options?: LossOptions): tf.Scalar;
  /**
   * −log p, in nats, of every predicted symbol, the end included, in its order.
   *
   * @throws HeedError INVALID_ARGUMENT as `loss`, DISPOSED
   */
  surprisal(texts: readonly TextSequence[], options?: SurprisalOptions): Promise<Float64Array[]>;
  /**
   * Writes on after a prompt, which may be empty: each symbol is made when it is asked for, and leaving the loop ends
   * it.
   *
   * @throws HeedError INVALID_ARGUMENT for a symbol that isn't in the vocabulary or options out of range; NOT_FINITE
   *   when the parameters are broken; when the first symbol is asked for
   */
  generate(prompt: readonly string[], options?: GenerateOptions): AsyncGenerator<GeneratedSymbol>;
  /**
   * What was looked at for each symbol of a text: of every layer and head a row per symbol, over the places read until
   * then, of which the first is the beginning. Rows sum to 1, but for the first one of an LSTM's, which has no earlier state to
   * look at; place i + 1 is symbol i. Empty without attention.
   *
   * @returns weights[layer][head][symbol][place]
   * @throws HeedError INVALID_ARGUMENT as `loss`, DISPOSED
   */
  observe(symbols: readonly string[]): Promise<Float32Array[][][]>;
  /**
   * What a transformer computes of a text, block by block, and what it would write next from each step.
   *
   * @throws HeedError INVALID_ARGUMENT for a symbol that isn't in the vocabulary, and for a model without blocks; DISPOSED
   */
  trace(symbols: readonly string[]): Promise<TextTrace>;
}

export interface SurprisalOptions {
  /** Stops between groups of texts; what was done until then is returned. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

const SURPRISAL_OPTIONS: OptionNames<SurprisalOptions> = { signal: true, onProgress: true };

/**
 * A model with parameters from the configuration's seed, or with the given ones.
 *
 * @param given values of all parameters by key, as `parameters` names them; copied
 * @throws HeedError CONFIG_INVALID, UNKNOWN_NAME; with given values CHECKPOINT_INVALID (one is missing or unknown),
 *   SHAPE_MISMATCH, NOT_FINITE
 */
export function createLanguageModel(config: LanguageConfig, given?: ParameterTable): LanguageModel {
  const checked = parseLanguage('createLanguageModel', config);
  return withParameters(checked.seed, given, (parameters) => build(checked, parameters));
}

function build(config: LanguageConfig, parameters: Parameters): LanguageModel {
  const vocabulary = new Vocabulary('text', config.symbols);
  const network =
    config.architecture === 'transformer'
      ? createTransformer(config, parameters, vocabulary.size)
      : createLstm(config, parameters, vocabulary.size);

  function loss(texts: readonly TextSequence[], options: LossOptions = {}): tf.Scalar {
    checkLossOptions('language model: loss', options);
    const { labelSmoothing = 0, dropout } = options;
    parameters.assertAlive('language model: loss');
    if (texts.length === 0) throw new HeedError('INVALID_ARGUMENT', { message: 'loss: there are no texts' });
    const batch = textBatch(texts, vocabulary);
    const drop = dropout && createDropout(config.dropout, dropout.seed, dropout.step);
    const count = batch.counts.reduce((sum, one) => sum + one, 0);
    const weights = batch.counts.map((one) => one / count);
    return tf.tidy(() =>
      crossEntropy(network.all(batch, drop), { ids: batch.targets, weights, smoothing: labelSmoothing }),
    );
  }

  async function surprisalOf(texts: readonly TextSequence[]): Promise<Float64Array[]> {
    const batch = textBatch(texts, vocabulary);
    const { targets, counts, time } = batch;
    const scores = tf.tidy(() => network.all(batch));
    const [logits] = (await dataOf([scores])) as [Float32Array];
    const { size } = vocabulary;
    return texts.map((_, b) => {
      const places = Array.from({ length: time }, (_, t) => b * time + t).filter((n) => counts[n] === 1);
      return Float64Array.from(places, (n) => logSumExp(logits, n * size, size) - logits[n * size + targets[n]]);
    });
  }

  return {
    config,
    parameters: parameters.all,
    parameterCount: parameters.count,
    loss,
    async surprisal(texts, options = {}) {
      checkOptions('language model: surprisal', options, SURPRISAL_OPTIONS);
      const { signal, onProgress } = options;
      const results: Float64Array[] = [];
      for (const group of groups(texts)) {
        parameters.assertAlive('language model: surprisal');
        if (signal?.aborted === true) break;
        results.push(...(await surprisalOf(group)));
        onProgress?.({ done: results.length, total: texts.length });
        await breathe();
      }
      return results;
    },
    generate(prompt, options = {}) {
      return stepsWhileAlive(
        () => parameters.assertAlive('language model: generate'),
        () => generate(network, vocabulary, prompt, options),
      );
    },
    async observe(symbols) {
      parameters.assertAlive('language model: observe');
      const time = symbols.length;
      const { inputs } = textBatch([{ symbols, ends: false }], vocabulary);
      const layers = tf.tidy(() => network.weights({ inputs, batch: 1, time }));
      const heads = layers.map((layer) => layer.shape[1]!);
      const weights = await dataOf(layers);
      return weights.map((values, n) =>
        Array.from({ length: heads[n] }, (_, head) =>
          Array.from({ length: time }, (_, t) => {
            const row = (head * time + t) * time;
            return values.slice(row, row + t + 1);
          }),
        ),
      );
    },
    async trace(symbols) {
      parameters.assertAlive('language model: trace');
      return traceOf(network, vocabulary, symbols);
    },
    graphs: () => guardedGraphs('language model', parameters, () => network.graphs()),
    dispose() {
      network.dispose();
      parameters.dispose();
    },
  };
}

// Places of one pass: enough for matrix products to be efficient, few enough for their scores to stay small.
const PLACES = 8192;

/** Neighbours, as many as fit into a pass. */
function* groups(texts: readonly TextSequence[]): Generator<TextSequence[]> {
  let group: TextSequence[] = [];
  let longest = 0;
  for (const text of texts) {
    const longer = Math.max(longest, text.symbols.length + 1);
    if (group.length > 0 && longer * (group.length + 1) > PLACES) {
      yield group;
      group = [];
      longest = 0;
    }
    group.push(text);
    longest = Math.max(longest, text.symbols.length + 1);
  }
  if (group.length > 0) yield group;
}
