import * as tf from '@tensorflow/tfjs-core';
import { HeedError, checkOptions, type OptionNames } from '@heed/core';
import { BOUNDARY, dataOf, pauses, type Vocabulary } from '@heed/nn';
import { uniform } from '@heed/base';
import { logSumExp } from './log-probabilities.js';
import type { LanguageNetwork, Reader } from './network.js';
import { draw } from './draw.js';
import { SAMPLING_OPTIONS, checkSampling, type SamplingOptions } from './sampling.js';

export interface GenerateOptions extends SamplingOptions {
  /** Symbols to write at most. Default 200. */
  readonly length?: number;
  /** Stops after the first of these that is written: '.' for a sentence. Default: none. */
  readonly stop?: readonly string[];
  /** False reads the whole text again for every symbol: slower, with the same result but for rounding. Default true. */
  readonly cache?: boolean;
}

const OPTIONS: OptionNames<GenerateOptions> = { ...SAMPLING_OPTIONS, length: true, stop: true, cache: true };

export interface GeneratedSymbol {
  /** Undefined for the end of the text. */
  readonly symbol: string | undefined;
  /** Log-probability of the symbol by the model alone, whatever the sampling; in nats. */
  readonly logProbability: number;
}

/** Writes on after the prompt, each symbol when it is asked for; leaving the loop ends it. */
export async function* generate(
  network: LanguageNetwork,
  vocabulary: Vocabulary,
  prompt: readonly string[],
  options: GenerateOptions,
): AsyncGenerator<GeneratedSymbol> {
  checkOptions('generate', options, OPTIONS);
  const { length = 200, stop = [], cache = true, ...rest } = options;
  if (!Number.isInteger(length) || length < 0) {
    throw new HeedError('INVALID_ARGUMENT', { message: `generate: length is ${length}`, hint: 'a whole number' });
  }
  const sampling = checkSampling(rest);
  const random = uniform({ stream: 'models', seed: sampling.seed, name: 'generate' });
  let unread = Int32Array.from([BOUNDARY].concat(Array.from(vocabulary.encode(prompt))));
  const breathe = pauses();
  const reader = cache ? network.read() : rereading(network);
  try {
    for (let n = 0; n < length; n++) {
      const scores = reader.next(unread);
      const [logits] = (await dataOf([scores])) as [Float32Array];
      assertFinite(logits);
      const id = draw(logits, sampling, random());
      const logProbability = logits[id] - logSumExp(logits, 0, logits.length);
      const symbol = id === BOUNDARY ? undefined : vocabulary.symbol(id);
      yield { symbol, logProbability };
      if (symbol === undefined || stop.includes(symbol)) return;
      unread = Int32Array.of(id);
      await breathe();
    }
  } finally {
    reader.dispose();
  }
}

/** Remembers nothing but what was read. */
function rereading(network: LanguageNetwork): Reader {
  let read: number[] = [];
  return {
    next(inputs) {
      read = read.concat(Array.from(inputs));
      return lastRow(network, Int32Array.from(read));
    },
    dispose() {},
  };
}

function lastRow(network: LanguageNetwork, inputs: Int32Array): tf.Tensor1D {
  return tf.tidy(() => {
    const logits = network.all({ inputs, batch: 1, time: inputs.length });
    const [rows, size] = logits.shape;
    return tf.reshape<tf.Rank.R1>(tf.slice(logits, [rows - 1, 0], [1, size]), [size]);
  });
}

function assertFinite(logits: Float32Array): void {
  if (logits.every(Number.isFinite)) return;
  throw new HeedError('NOT_FINITE', {
    message: 'generate: the scores of the next symbol are not finite',
    hint: 'the parameters are broken: take an earlier checkpoint',
  });
}
