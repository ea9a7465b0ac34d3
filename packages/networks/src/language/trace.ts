import * as tf from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/core';
import { BOUNDARY, dataOf, type Vocabulary } from '@heed/nn';
import { logSoftmax } from '../decoding/log-probabilities.js';
import type { Candidate } from '../decoding/watch.js';
import { textBatch } from './batch.js';
import type { LanguageNetwork } from './network.js';

/** What one block computes. */
export interface BlockTrace {
  /** What each place looks at by each head: weights[head][place][place]; 0 for later places. */
  readonly weights: readonly (readonly Float32Array[])[];
  /** x with what the heads add, a row for each place. */
  readonly attended: readonly Float32Array[];
  /** x with what the feed-forward layer adds, too. */
  readonly output: readonly Float32Array[];
}

/** What a transformer computes of a text. Its places are the beginning, and each symbol. */
export interface TextTrace {
  /** x₀, the vectors of the symbols: a row for each place. */
  readonly embedded: readonly Float32Array[];
  readonly blocks: readonly BlockTrace[];
  /**
   * Symbols that may follow the last place, the most probable first, were x complete after each step: after x₀, then after the heads and after
   * the feed-forward layer of each block. The last of them is what the model says.
   *
   * @see nostalgebraist 2020, "interpreting GPT: the logit lens"
   */
  readonly next: readonly (readonly Candidate[])[];
}

/** @throws HeedError INVALID_ARGUMENT for a symbol that isn't in the vocabulary, and for a network without blocks */
export async function traceOf(
  network: LanguageNetwork,
  vocabulary: Vocabulary,
  symbols: readonly string[],
): Promise<TextTrace> {
  const { trace } = network;
  if (trace === undefined) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: 'language model: trace: this model has no blocks',
      hint: "only a model of architecture 'transformer' has them",
    });
  }
  const { inputs, time } = textBatch([{ symbols }], vocabulary);
  let heads: number[] = [];
  const tensors = tf.tidy((): tf.Tensor[] => {
    const { embedded, blocks, next } = trace({ inputs, batch: 1, time });
    heads = blocks.map(({ weights }) => weights.shape[1]!);
    return [embedded, ...blocks.flatMap(({ weights, attended, output }) => [weights, attended, output]), next];
  });
  const [embedded, ...rest] = await dataOf(tensors);
  const scores = rest.pop()!;
  return {
    embedded: rowsOf(embedded!, time),
    blocks: heads.map((count, n) => {
      const [weights, attended, output] = rest.slice(3 * n) as [Float32Array, Float32Array, Float32Array];
      const each = weights.length / count;
      return {
        weights: Array.from({ length: count }, (_, head) =>
          rowsOf(weights.slice(head * each, (head + 1) * each), time),
        ),
        attended: rowsOf(attended, time),
        output: rowsOf(output, time),
      };
    }),
    next: rowsOf(scores, 1 + 2 * heads.length).map((logits) => candidatesOf(logits, vocabulary)),
  };
}

function rowsOf(data: Float32Array, rows: number): Float32Array[] {
  const width = data.length / rows;
  return Array.from({ length: rows }, (_, n) => data.slice(n * width, (n + 1) * width));
}

/** Symbols by their scores, and the end (undefined), the most probable first. */
function candidatesOf(logits: Float32Array, vocabulary: Vocabulary): Candidate[] {
  const found = Array.from(logSoftmax(logits, logits.length), (logProbability, id) => ({
    symbol: id === BOUNDARY ? undefined : vocabulary.symbol(id),
    logProbability,
  }));
  return found.toSorted((a, b) => b.logProbability - a.logProbability);
}
