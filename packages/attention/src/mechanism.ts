import type * as tf from '@tensorflow/tfjs-core';
import type { Alignment, Bias, Dropout, Mask, OnRequest, OptionNames } from '@heed/core';
import type { MechanismConfig } from './config.js';

/**
 * What every mechanism is: a score between a query and each position of a memory, its softmax, and the mean of the
 * memory's values under it. A decoder takes any of them.
 *
 * Axis letters: B batch, T queries, Tk positions of the memory, Q query width, M memory width, C context width, H heads.
 *
 * Inputs are borrowed and outputs belong to the caller. Both calls may be made inside `tf.tidy` and under `tf.grads` or
 * `tf.variableGrads`; gradients reach the parameters, the query and the memory. TensorFlow.js's own gradients must be
 * registered for that (`import '@tensorflow/tfjs'`).
 */
export interface AttentionMechanism {
  /** By their short keys ('query_kernel'), which don't change between runs, unlike the names of the variables. */
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  readonly queryWidth: number;
  readonly memoryWidth: number;
  readonly contextWidth: number;
  /**
   * Projects keys and values, once for any number of queries.
   *
   * @param memory h, float32 [B, Tk, M]; Tk may be 0, to start an empty cache
   * @throws HeedError SHAPE_MISMATCH, DTYPE_UNSUPPORTED, INVALID_ARGUMENT (a length outside [0, Tk]), UNKNOWN_OPTION, DISPOSED
   */
  prepare(memory: tf.Tensor3D, options?: PrepareOptions): PreparedMemory;
  /**
   * @param query one decoder step [B, Q] or all steps [B, T, Q], float32
   * @param memory prepared by this mechanism
   * @throws HeedError SHAPE_MISMATCH, DTYPE_UNSUPPORTED, INVALID_ARGUMENT (someone else's memory), UNKNOWN_OPTION,
   * ALIGNMENT_REQUIRED, AXES_REQUIRED, DISPOSED
   */
  attend<Q extends tf.Tensor, Weights extends boolean = false, LogSumExp extends boolean = false>(
    query: Q,
    memory: PreparedMemory,
    options?: AttendOptions<Weights, LogSumExp>,
  ): Attended<Q, Weights, LogSumExp>;
  /** Plain JSON, from which `createMechanism` rebuilds the mechanism. */
  config(): MechanismConfig;
  /** Frees the parameters, not the memories. Twice is fine; other calls after it are DISPOSED. */
  dispose(): void;
}

export interface PrepareOptions {
  /** Positions j < lengths[b] take part; whole numbers in [0, Tk], one per row. What lies beyond, NaN included, reaches nothing. */
  readonly lengths?: ArrayLike<number> | tf.Tensor1D;
  /** Which positions take part where that isn't a matter of length: bool [B, Tk], true = take part. */
  readonly mask?: tf.Tensor2D;
  /** What the keys are made of, when that isn't the memory: float32 [B, Tk, M]. The memory then gives only the values. */
  readonly keys?: tf.Tensor3D;
}

export interface AttendOptions<Weights extends boolean = boolean, LogSumExp extends boolean = boolean> {
  /** Joined with the memory's own lengths and mask. A tensor is bool and broadcasts to the weights, from the right. */
  readonly mask?: Mask | tf.Tensor;
  /** Attend to no later position. An alignment here also serves everything else that compares positions. */
  readonly causal?: boolean | Alignment;
  /**
   * Which memory position query 0 sits on, for causal, rotary, ALiBi and relative positions. By default 0 when T = Tk,
   * and the memory's last position for one step [B, Q].
   */
  readonly alignment?: Alignment;
  /** Added to the scores; additive and concat scores take none. */
  readonly bias?: Bias | tf.Tensor;
  /** Of the weights. Give a new seed for each call. */
  readonly dropout?: Dropout;
  readonly returnWeights?: Weights;
  readonly returnLogSumExp?: LogSumExp;
}

export const PREPARE_OPTIONS: OptionNames<PrepareOptions> = { lengths: true, mask: true, keys: true };
export const ATTEND_OPTIONS: OptionNames<AttendOptions> = {
  mask: true,
  causal: true,
  alignment: true,
  bias: true,
  dropout: true,
  returnWeights: true,
  returnLogSumExp: true,
};

/** A type alias, which `tf.tidy` accepts as a result where it refuses an interface. */
export type Attended<
  Q extends tf.Tensor = tf.Tensor,
  Weights extends boolean = boolean,
  LogSumExp extends boolean = boolean,
> = {
  /** [B, C] for one step, else [B, T, C]. */
  readonly context: Q;
  /** When asked for: [B, Tk] or [B, T, Tk]; multi-head [B, H, Tk] or [B, H, T, Tk]. Rows sum to 1, or to 0 when fully masked. */
  readonly weights: OnRequest<Weights, tf.Tensor>;
  /** When asked for: log Σ exp of the scores, shaped as the weights without Tk. A score is log(weight) + logSumExp. */
  readonly logSumExp: OnRequest<LogSumExp, tf.Tensor>;
};

/**
 * Keys and values ready for attending; for multi-head attention, the key–value cache.
 *
 * It owns its tensors, independently of the memory that it was made of. They live as long as the `tf.tidy` that `prepare`
 * was called in, or until `dispose()` when there was none; what `append` and `reorder` put in their place lives as long,
 * even when they are called in an inner tidy. Returned from a tidy, it survives it, as a tensor would.
 */
export interface PreparedMemory {
  /** B */
  readonly batch: number;
  /** Tk */
  readonly length: number;
  /** False after `dispose()` or the end of its tidy. */
  readonly isDisposed: boolean;
  /**
   * Grows this memory in place by more positions, all of which take part, and returns it. The tensors that it held are
   * freed. A rotary, ALiBi or relative mechanism refuses when a row was shorter than the memory, for the distance across the
   * padding would count: pad such rows on the left and give a mask.
   *
   * @param more float32 [B, t, M]; borrowed
   */
  append(more: tf.Tensor3D, options?: Pick<PrepareOptions, 'keys'>): this;
  /**
   * Makes row i what row rows[i] was, in place, as beam search needs; rows may repeat, and be more or fewer than B. Meant
   * for decoding: its gradient is that of `tf.gather`, which some engines lack.
   */
  reorder(rows: ArrayLike<number> | tf.Tensor1D): this;
  /** Twice is fine. */
  dispose(): void;
}
