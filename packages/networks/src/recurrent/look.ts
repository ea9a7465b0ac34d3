import * as tf from '@tensorflow/tfjs-core';
import type { Encoded } from '@heed/nn';
import type { Prepared } from './attention.js';
import type { Seq2SeqConfig } from './config.js';
import type { Places, StepOptions } from './decoder.js';

/** What a decoder's rows see. Axis letters: N rows, C context width, S source. */
interface Look {
  /** [N, C] */
  readonly context: tf.Tensor2D;
  /** [N, S] when asked for, and when there is attention. */
  readonly weights?: tf.Tensor2D;
  /** [N] when asked for, and when there is attention of one head. */
  readonly logSumExp?: tf.Tensor1D;
  /** With coverage: that of the next step, [N, S]. */
  readonly coverage?: tf.Tensor2D;
}

/**
 * @param query    [N, Q], K rows for each source
 * @param coverage of this step, [N, S]; of attention with coverage, for which weights must be asked for
 */
export function look(
  prepared: Prepared,
  query: tf.Tensor2D,
  { beams, ...wanted }: StepOptions,
  coverage?: tf.Tensor2D,
): Look {
  const [rows] = query.shape;
  const byBeams = (x: tf.Tensor2D): tf.Tensor3D => tf.reshape(x, [rows / beams, beams, x.shape[1]]);
  const byRows = (x: tf.Tensor3D): tf.Tensor2D => tf.reshape(x, [rows, x.shape[2]]);
  const attended = prepared.attend(byBeams(query), {
    ...wanted,
    ...(coverage && { coverage: byBeams(coverage) }),
  });
  const weights = attended.weights && byRows(attended.weights);
  return {
    context: byRows(attended.context),
    ...(weights && { weights }),
    ...(attended.logSumExp && { logSumExp: tf.reshape(attended.logSumExp, [rows]) as tf.Tensor1D }),
    ...(coverage && { coverage: tf.add(coverage, weights!) as tf.Tensor2D }),
  };
}

/** Nothing is covered before the first step, [B, S]. */
export function uncovered({ memory }: Encoded): tf.Tensor2D {
  const [batch, time] = memory.shape;
  return tf.zeros([batch, time]);
}

/** What was looked at in an unrolled loop, as far as copying and coverage want it. */
export class Looks {
  readonly wanted: boolean;
  readonly #weights: tf.Tensor2D[] = [];
  readonly #coverage: tf.Tensor2D[] = [];

  constructor({ copying = false, coverage = false }: Pick<Seq2SeqConfig, 'copying' | 'coverage'>) {
    this.wanted = copying || coverage;
  }

  /** Of a step, [B, S] each. */
  add(weights: tf.Tensor2D | undefined, coverage: tf.Tensor2D | undefined): void {
    if (weights !== undefined) this.#weights.push(weights);
    if (coverage !== undefined) this.#coverage.push(coverage);
  }

  /** Of all steps, [T·B, S] each. */
  all(): Pick<Places, 'weights' | 'coverage'> {
    return {
      ...(this.#weights.length > 0 && { weights: tf.concat2d(this.#weights, 0) }),
      ...(this.#coverage.length > 0 && { coverage: tf.concat2d(this.#coverage, 0) }),
    };
  }
}
