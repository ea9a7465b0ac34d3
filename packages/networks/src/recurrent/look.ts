import * as tf from '@tensorflow/tfjs-core';
import type { AttentionState } from '@heed/attention';
import type { Attention, SourceMemory } from './attention.js';
import type { DecoderConfig, TeachingOutputs, StepOptions } from './decoder.js';

/** What a decoder's rows see. Axis letters: N rows, C context width, S source. */
interface Look {
  /** [N, C] */
  readonly context: tf.Tensor2D;
  /** [N, S] when asked for, and when there is attention. */
  readonly weights?: tf.Tensor2D;
  /** [N] when asked for, and when there is attention of one head. */
  readonly logSumExp?: tf.Tensor1D;
  /** State of the attention after the step, where one is kept. */
  readonly attention?: AttentionState;
}

/**
 * @param query [N, Q], K rows for each source
 * @param state what the step before left, where attention keeps a state
 */
export function look(
  memory: SourceMemory,
  query: tf.Tensor2D,
  { beams, ...wanted }: StepOptions,
  state: AttentionState | undefined,
): Look {
  const [rows] = query.shape;
  const byRows = (x: tf.Tensor3D): tf.Tensor2D => tf.reshape(x, [rows, x.shape[2]]);
  const queries = tf.reshape<tf.Rank.R3>(query, [rows / beams, beams, query.shape[1]]);
  const { context, weights, logSumExp, state: next } = memory.attend(queries, { ...wanted, state });
  return {
    context: byRows(context),
    ...(weights && { weights: byRows(weights) }),
    ...(logSumExp && { logSumExp: tf.reshape(logSumExp, [rows]) as tf.Tensor1D }),
    ...(next && { attention: next }),
  };
}

/** What was looked at in an unrolled loop, as far as copying, coverage and losses of weights want it. */
export class Looks {
  readonly wanted: boolean;
  readonly #keepsCoverage: boolean;
  readonly #weights: tf.Tensor2D[] = [];
  readonly #coverage: tf.Tensor2D[] = [];

  constructor(
    { copying = false, teachesWeights = false }: Pick<DecoderConfig, 'copying' | 'teachesWeights'>,
    { keepsCoverage }: Pick<Attention, 'keepsCoverage'>,
  ) {
    this.wanted = copying || keepsCoverage || teachesWeights;
    this.#keepsCoverage = keepsCoverage;
  }

  /** Weights of a step [B, S], and the attention's state before it. */
  add(weights: tf.Tensor2D | undefined, before: AttentionState | undefined): void {
    if (weights !== undefined) this.#weights.push(weights);
    if (this.#keepsCoverage) this.#coverage.push(before!['coverage'] as tf.Tensor2D);
  }

  /** Weights and coverage of all steps, [T·B, S] each. */
  all(): Pick<TeachingOutputs, 'weights' | 'coverage'> {
    return {
      ...(this.#weights.length > 0 && { weights: tf.concat2d(this.#weights, 0) }),
      ...(this.#coverage.length > 0 && { coverage: tf.concat2d(this.#coverage, 0) }),
    };
  }
}
