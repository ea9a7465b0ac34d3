import * as tf from '@tensorflow/tfjs-core';
import type { CopyTable } from '@heed/nn';
import { logMixture, logSoftmax, type CopiedFrom } from './log-probabilities.js';
import type { Walk, WalkStep } from './walk.js';

/** Log-probabilities of the next symbol, row-major [N, W], and what each row attended to, [N, T]. */
export interface StepValues {
  readonly logProbabilities: Float64Array;
  readonly weights: Float32Array | undefined;
}

/** A step of a single row, with what came before the weights. */
export interface SeenStep extends StepValues {
  /** logSumExp of the scores; absent without attention and with several heads. */
  readonly logSumExp: number | undefined;
  readonly context: Float32Array;
  /** p_gen, in a model that copies. */
  readonly generation: number | undefined;
}

/** What a search asks: which symbols may follow. */
export interface Stepper {
  /**
   * @param ids  the symbol before, of each row
   * @param rows which row each row continues; by default its own
   */
  step(ids: Int32Array, rows?: Int32Array): Promise<StepValues>;
  /** The other sources leave: source i is from now on what sources[i] was, with its rows. */
  keep(sources: Int32Array): void;
}

/** The numbers of what is put out: W of them, and what each means for a source. */
export interface OutputSymbols {
  /** W, with the boundary. */
  readonly size: number;
  symbol(id: number, source: number): string;
}

interface DecodingOptions {
  /** V, with the boundary. */
  readonly symbols: number;
  /** K rows for each source. */
  readonly beams: number;
  /** Symbols that can be copied, of a model that copies. */
  readonly copies?: CopyTable;
}

/** The values of a walk's steps. They come to the host after every step, asynchronously, as devices prefer. */
export class Decoding implements Stepper {
  readonly #walk: Walk;
  readonly #options: Omit<DecodingOptions, 'copies'>;
  #copies: CopiedFrom | undefined;

  constructor(walk: Walk, { copies, ...options }: DecodingOptions) {
    this.#walk = walk;
    this.#options = options;
    this.#copies = copies;
  }

  async step(ids: Int32Array, rows?: Int32Array): Promise<StepValues> {
    const step = this.#advance(ids, rows);
    tf.dispose([step.context, ...(step.logSumExp ? [step.logSumExp] : [])]);
    try {
      return await this.#values(step);
    } finally {
      disposeRead(step);
    }
  }

  keep(sources: Int32Array): void {
    this.#walk.keep(sources);
    if (this.#copies === undefined) return;
    const { vocabularySize, size, time, occurrences } = this.#copies;
    this.#copies = { vocabularySize, size, time, occurrences: Array.from(sources, (source) => occurrences[source]) };
  }

  /** A step of a decoding with one row. */
  async look(id: number): Promise<SeenStep> {
    const step = this.#advance(Int32Array.of(id), undefined);
    const { logSumExp, context, gates } = step;
    try {
      const [values, normaliser, seen, gate] = await Promise.all([
        this.#values(step),
        logSumExp?.data<'float32'>(),
        context.data<'float32'>(),
        gates?.data<'float32'>(),
      ]);
      return {
        ...values,
        logSumExp: normaliser?.[0],
        context: seen,
        generation: gate && 1 / (1 + Math.exp(-gate[0])),
      };
    } finally {
      disposeRead(step);
      tf.dispose([context, ...(logSumExp ? [logSumExp] : [])]);
    }
  }

  dispose(): void {
    this.#walk.dispose();
  }

  /** A model that copies has no vectors for what is beyond its vocabulary: it all goes in as number V, the unknown symbol. */
  #advance(ids: Int32Array, rows: Int32Array | undefined): WalkStep {
    const { symbols } = this.#options;
    return this.#walk.step(this.#copies === undefined ? ids : ids.map((id) => Math.min(id, symbols)), rows);
  }

  async #values({ logits, weights, gates }: WalkStep): Promise<StepValues> {
    const [scores, attended, gateValues] = await Promise.all([
      logits.data<'float32'>(),
      weights?.data<'float32'>(),
      gates?.data<'float32'>(),
    ]);
    const { symbols, beams } = this.#options;
    const copies = this.#copies;
    const logProbabilities =
      copies === undefined
        ? logSoftmax(scores, symbols)
        : logMixture({ logits: scores, gates: gateValues!, weights: attended! }, copies, beams);
    return { logProbabilities, weights: attended };
  }
}

function disposeRead({ logits, weights, gates }: WalkStep): void {
  tf.dispose([logits, ...(weights ? [weights] : []), ...(gates ? [gates] : [])]);
}
