import * as tf from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/core';
import type { Prepared } from '../recurrent/attention.js';
import type { Decoder, DecoderState, Step } from '../recurrent/decoder.js';
import type { Encoded } from '../layers/encoder.js';
import { tidy } from '../layers/tidy.js';

/** The parts of a model that a search needs. */
export interface Searchable {
  readonly decoder: Decoder;
  /** V, with the boundary. */
  readonly symbols: number;
}

/** Log-probabilities of the next symbol, row-major [N, V], and what each row attended to, [N, T]. */
export interface StepValues {
  readonly logProbabilities: Float64Array;
  readonly weights: Float32Array | undefined;
}

/** The same of a single row, with what came before the weights. */
export interface SeenStep extends StepValues {
  /** logSumExp of the scores; absent without attention and with several heads. */
  readonly logSumExp: number | undefined;
  readonly context: Float32Array;
}

/** What a search asks: which symbols may follow. */
export interface Stepper {
  /**
   * @param ids  the symbol before, of each row
   * @param rows which row each row continues; by default its own
   */
  step(ids: Int32Array, rows?: Int32Array): Promise<StepValues>;
}

/**
 * Steps through one batch of sources with K rows each, holding the tensors between steps. The values come to the host
 * after every step, asynchronously, as devices prefer.
 */
export class Decoding implements Stepper {
  #state: DecoderState;
  readonly #model: Searchable;
  readonly #prepared: Prepared;
  readonly #beams: number;

  constructor(model: Searchable, prepared: Prepared, encoded: Encoded, beams: number) {
    this.#model = model;
    this.#prepared = prepared;
    this.#beams = beams;
    this.#state = tidy(() => model.decoder.start(encoded).map((tensor) => repeatRows(tensor, beams)));
  }

  async step(ids: Int32Array, rows?: Int32Array): Promise<StepValues> {
    const { logits, weights } = this.#advance(ids, rows, ({ logits, weights }) => ({ logits, weights }));
    try {
      const [values, attended] = await Promise.all([logits.data<'float32'>(), weights?.data<'float32'>()]);
      return { logProbabilities: logSoftmax(values, this.#model.symbols), weights: attended };
    } finally {
      tf.dispose([logits, ...(weights ? [weights] : [])]);
    }
  }

  /** A step of a decoding with one row. */
  async look(id: number): Promise<SeenStep> {
    const { logits, weights, logSumExp, context } = this.#advance(Int32Array.of(id), undefined, (step) => step);
    try {
      const [values, attended, normaliser, seen] = await Promise.all([
        logits.data<'float32'>(),
        weights?.data<'float32'>(),
        logSumExp?.data<'float32'>(),
        context.data<'float32'>(),
      ]);
      return {
        logProbabilities: logSoftmax(values, this.#model.symbols),
        weights: attended,
        logSumExp: normaliser?.[0],
        context: seen,
      };
    } finally {
      tf.dispose([logits, context, ...(weights ? [weights] : []), ...(logSumExp ? [logSumExp] : [])]);
    }
  }

  dispose(): void {
    tf.dispose(this.#state as tf.Tensor[]);
  }

  /** Makes the step; what `keep` returns of it is the caller's. */
  #advance<Kept extends Partial<Step>>(
    ids: Int32Array,
    rows: Int32Array | undefined,
    keep: (step: Step) => Kept,
  ): Kept & Pick<Step, 'state'> {
    const before = this.#state;
    const kept = tidy(() => {
      const state = rows === undefined ? before : before.map((s) => gatherRows(s, rows));
      const step = this.#model.decoder.step(this.#prepared, state, ids, {
        beams: this.#beams,
        returnWeights: true,
        returnLogSumExp: true,
      });
      return { ...keep(step), state: step.state };
    });
    tf.dispose(before as tf.Tensor[]);
    this.#state = kept.state;
    return kept;
  }
}

function gatherRows(x: tf.Tensor2D, rows: Int32Array): tf.Tensor2D {
  return tf.gather(x, tf.tensor1d(rows, 'int32'));
}

function repeatRows(x: tf.Tensor2D, times: number): tf.Tensor2D {
  if (times === 1) return tf.clone(x);
  const [rows, width] = x.shape;
  return tf.reshape(tf.tile(tf.reshape(x, [rows, 1, width]), [1, times, 1]), [rows * times, width]);
}

function logSoftmax(logits: Float32Array, width: number): Float64Array {
  const result = new Float64Array(logits.length);
  for (let row = 0; row < logits.length; row += width) {
    let greatest = -Infinity;
    for (let v = row; v < row + width; v++) greatest = Math.max(greatest, logits[v]!);
    let sum = 0;
    for (let v = row; v < row + width; v++) sum += Math.exp(logits[v]! - greatest);
    const normaliser = greatest + Math.log(sum);
    if (!Number.isFinite(normaliser)) {
      throw new HeedError('NOT_FINITE', {
        message: 'decoding: the scores of the next symbol are not finite',
        hint: 'the parameters are damaged, or the run that made them diverged',
      });
    }
    for (let v = row; v < row + width; v++) result[v] = logits[v]! - normaliser;
  }
  return result;
}
