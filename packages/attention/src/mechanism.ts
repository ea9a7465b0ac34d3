import type * as tf from '@tensorflow/tfjs-core';
import {
  HOOK_OPTIONS,
  type Alignment,
  type Bias,
  type Dropout,
  type Explanation,
  type HookOptions,
  type Mask,
  type OnRequest,
  type OptionNames,
} from '@heed/core';
import type { AnyConfig } from './definition.js';
import type { PositionIds } from './positions/position-ids.js';
import type { AttentionState } from './state.js';

/**
 * What every mechanism is: a score between a query and each position of a memory, its softmax, and the mean of the
 * memory's values under it. A decoder takes any of them.
 *
 * Axis letters: B batch, T queries, Tk positions of the memory, Q query width, M memory width, C context width, H heads.
 * A mechanism that keeps a state has N rows where others have B, see `AttendOptions.state`.
 *
 * Inputs are borrowed and outputs belong to the caller. All calls may be made inside `tf.tidy` and under `tf.grads` or
 * `tf.variableGrads`; gradients reach the parameters, the query, the memory and the state. TensorFlow.js's own gradients
 * must be registered for that (`import '@tensorflow/tfjs'`).
 */
export interface AttentionMechanism<Config extends AnyConfig = AnyConfig> {
  /** Variables by their short keys ('query_kernel'), which don't change between runs, unlike the names of the variables. */
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  readonly queryWidth: number;
  readonly memoryWidth: number;
  /** Width of what keys are made of, `keys` of `prepare`: memoryWidth, unless the mechanism has another one for them. */
  readonly keysWidth: number;
  readonly contextWidth: number;
  /** Whether it remembers something from step to step: then `attend` returns a `state`, and takes one. */
  readonly keepsState: boolean;
  /** Whether a memory that grows lets positions go, as with `streaming`; what it holds is then not all that it was given. */
  readonly forgets: boolean;
  /**
   * Projects keys and values, once for any number of queries.
   *
   * @param memory h, float32 [B, Tk, M]; Tk may be 0, to start an empty cache
   * @throws HeedError SHAPE_MISMATCH, DTYPE_UNSUPPORTED, INVALID_ARGUMENT (a length outside [0, Tk]), UNKNOWN_OPTION, DISPOSED
   */
  prepare(memory: tf.Tensor3D, options?: PrepareOptions): PreparedMemory;
  /**
   * A memory of the tensors that `PreparedMemory.tensors` of one of this mechanism's gave, with nothing computed: keys and values that were
   * kept in a file, or that come from another model's outputs. They are borrowed.
   *
   * @param options `evicted` says how many positions the memory had forgotten, 0 by default
   * @throws HeedError SHAPE_MISMATCH, DTYPE_UNSUPPORTED, INVALID_ARGUMENT (forgotten positions of a mechanism that keeps them all, a length
   *   outside [0, Tk]), UNKNOWN_OPTION, DISPOSED
   */
  restore(tensors: MemoryTensors, options?: RestoreOptions): PreparedMemory;
  /**
   * @param query one decoder step [B, Q] or all steps [B, T, Q], float32. For a mechanism that keeps a state, all steps are
   *   computed one after the other
   * @param memory prepared by this mechanism
   * @throws HeedError SHAPE_MISMATCH, DTYPE_UNSUPPORTED, INVALID_ARGUMENT (a memory or state of another mechanism),
   * UNKNOWN_OPTION, ALIGNMENT_REQUIRED, AXES_REQUIRED, DISPOSED
   */
  attend<Q extends tf.Tensor, Weights extends boolean = false, LogSumExp extends boolean = false>(
    query: Q,
    memory: PreparedMemory,
    options?: AttendOptions<Weights, LogSumExp>,
  ): Attended<Q, Weights, LogSumExp>;
  /**
   * The state before the first step, a row for each of the memory; undefined for a mechanism that keeps none. `attend`
   * without a state starts from the same.
   *
   * @param given tensors to begin with in place of the mechanism's own, by the names of its state: float32 [N, …], borrowed,
   *   with N rows or K·N as in `AttendOptions.state`. Gradients reach them
   * @throws HeedError INVALID_ARGUMENT, UNKNOWN_OPTION (a name), SHAPE_MISMATCH, DTYPE_UNSUPPORTED, DISPOSED
   */
  initialState(memory: PreparedMemory, given?: AttentionState): AttentionState | undefined;
  /**
   * The tensors on the way from query and memory to the context, to look at.
   *
   * @throws HeedError as `attend`
   */
  parts(query: tf.Tensor, memory: PreparedMemory, options?: PartsOptions): AttentionParts;
  /**
   * What training should add to its loss when it attends with these queries: 0 for most mechanisms, the price of long spans for
   * adaptive spans. Its gradient flows.
   *
   * @param query [B, T, Q]
   * @returns a number, []
   * @throws HeedError SHAPE_MISMATCH, DTYPE_UNSUPPORTED, DISPOSED
   */
  loss(query: tf.Tensor3D): tf.Scalar;
  /**
   * Which path `attend` takes now, and why: 'fused' in the selected backend's kernel, 'composed' of the engine's ops, or
   * 'empty'. For a mechanism that keeps a state, the path of its first step.
   *
   * @throws HeedError as `attend`
   */
  explain(query: tf.Tensor, memory: PreparedMemory, options?: PartsOptions): Explanation;
  /** Plain JSON, from which `createMechanism` rebuilds the mechanism. */
  config(): Config;
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
  /** Which positions these are to rotary, by default those that follow on one another from 0: of a packed or padded text, say. */
  readonly positions?: PositionIds;
  /**
   * How many positions there will be in all when others are appended: room is made for them at once, on backends that write in place,
   * and nothing is copied later. Without it, or beyond it, the room doubles when it is full.
   */
  readonly capacity?: number;
}

/** Tensors of a prepared memory. A mechanism without heads has no axis Hk. */
export type MemoryTensors = {
  /** float32 [B, Tk, D] or [B, Hk, Tk, D], as the mechanism compares them: projected, and turned by their positions where it does so. */
  readonly keys: tf.Tensor;
  /** float32 [B, Tk, Dv] or [B, Hk, Tk, Dv] */
  readonly values: tf.Tensor;
  /** bool [B, Tk], where some positions take no part whatever the rows' lengths. */
  readonly mask?: tf.Tensor2D;
  /** int32 [B], where rows are shorter than the memory. */
  readonly lengths?: tf.Tensor1D;
};

export type RestoreOptions = Partial<Pick<PreparedMemory, 'evicted'>>;

/** What decides scores and weights. */
export interface ScoreOptions {
  /** Joined with the memory's own lengths and mask. A tensor is bool and broadcasts to the weights, from the right. */
  readonly mask?: Mask | tf.Tensor;
  /** Attend to no later position. An alignment here also serves everything else that compares positions. */
  readonly causal?: boolean | Alignment;
  /**
   * Which memory position query 0 sits on, for causal, rotary, ALiBi and relative positions. By default 0 when T = Tk,
   * and the memory's last position for one step [B, Q].
   */
  readonly alignment?: Alignment;
  /** Which positions the queries are to rotary, in place of the alignment's. Masks and biases still go by the alignment. */
  readonly positions?: PositionIds;
  /** Added to the scores; additive scores take none. */
  readonly bias?: Bias | tf.Tensor;
  /** Dropout of the weights. Give a new seed for each call. Steps computed one after the other each have a seed made of it. */
  readonly dropout?: Dropout;
  /**
   * What the step before returned, for a mechanism that keeps a state; left out before the first step. It has N rows, a
   * multiple K of the memory's B: rows b·K … b·K + K − 1 attend to row b of the memory, as the beams of a search do. Then
   * queries are [N, Q] or [N, T, Q], and so are the outputs, with N in place of B.
   */
  readonly state?: AttentionState;
}

/**
 * Options of `attend`. Hooks are formulas of your own in the op's kernel (`scoreHook`, `maskHook`, `weightHook` of core), for mechanisms
 * whose weights are a softmax; in them `query` counts the queries of the call from 0, and `head` is the query's head.
 */
export interface AttendOptions<Weights extends boolean = boolean, LogSumExp extends boolean = boolean>
  extends ScoreOptions, HookOptions {
  readonly returnWeights?: Weights;
  readonly returnLogSumExp?: LogSumExp;
}

export interface PartsOptions extends ScoreOptions {
  /** Changes the scores before mask and softmax; gets and returns them as `AttentionParts.scores` has them. */
  readonly change?: (scores: tf.Tensor) => tf.Tensor;
}

const SCORE_OPTIONS: OptionNames<ScoreOptions> = {
  mask: true,
  causal: true,
  alignment: true,
  positions: true,
  bias: true,
  dropout: true,
  state: true,
};

export const PREPARE_OPTIONS: OptionNames<PrepareOptions> = {
  lengths: true,
  mask: true,
  keys: true,
  positions: true,
  capacity: true,
};
export const RESTORE_OPTIONS: OptionNames<RestoreOptions> = { evicted: true };
export const ATTEND_OPTIONS: OptionNames<AttendOptions> = {
  ...SCORE_OPTIONS,
  ...HOOK_OPTIONS,
  returnWeights: true,
  returnLogSumExp: true,
};
export const PARTS_OPTIONS: OptionNames<PartsOptions> = { ...SCORE_OPTIONS, change: true };

/** A type alias, which `tf.tidy` accepts as a result where it refuses an interface. */
export type Attended<
  Q extends tf.Tensor = tf.Tensor,
  Weights extends boolean = boolean,
  LogSumExp extends boolean = boolean,
> = {
  /** [B, C] for one step, else [B, T, C]. */
  readonly context: Q;
  /**
   * When asked for: [B, Tk] or [B, T, Tk]; multi-head [B, H, Tk] or [B, H, T, Tk]. Rows sum to 1, or to 0 when fully masked; with sinks to less,
   * and where weights are no softmax, to what the mechanism says.
   */
  readonly weights: OnRequest<Weights, tf.Tensor>;
  /**
   * When asked for: log Σ exp of the scores that take part, shaped as the scores without Tk. Where weights are the softmax of the scores, a score is
   * log(weight) + logSumExp.
   */
  readonly logSumExp: OnRequest<LogSumExp, tf.Tensor>;
  /** For the next step, of a mechanism that keeps a state. */
  readonly state?: AttentionState;
};

/**
 * The tensors on the way, each the caller's. One step [B, Q] has T = 1. Of mechanisms with heads, those with an H have that
 * axis; others don't.
 */
export type AttentionParts = {
  /** The query as it is compared, [B, T, D] or [B, H, T, D]. */
  readonly query: tf.Tensor;
  /** The memory as it is compared, [B, Tk, D] or [B, Hk, Tk, D]. */
  readonly keys: tf.Tensor;
  /** What the weights average, [B, Tk, Dv] or [B, Hk, Tk, Dv]. */
  readonly values: tf.Tensor;
  /** Scores e with scale, soft cap and biases, before `change` and masks: [B, T, Tk] or [B, H, T, Tk]. */
  readonly scores: tf.Tensor;
  /** The scores after `change`, when there is one. */
  readonly changed?: tf.Tensor;
  /** Weights α before dropout, shaped as the scores. */
  readonly weights: tf.Tensor;
  /** Weights after dropout, when there is some. */
  readonly dropped?: tf.Tensor;
  /** The contexts of the heads, [B, H, T, Dv], of a mechanism that combines them. */
  readonly heads?: tf.Tensor;
  /** [B, T, C] */
  readonly context: tf.Tensor;
  /** What each step was told by the ones before, by the names of the mechanism's state, [B, T, …]. */
  readonly states: Readonly<Record<string, tf.Tensor>>;
  /** What else stands between scores and context, by names of the mechanism's own: `gate`, `sinks`, `span`, `lambda`, `pairs`. */
  readonly between: Readonly<Record<string, tf.Tensor>>;
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
  /** Which positions of all that it was given it holds, in order: 0 … Tk − 1, unless the mechanism lets it forget. */
  readonly held: Int32Array;
  /** How many positions it was given and holds no more; 0 unless the mechanism lets it forget. */
  readonly evicted: number;
  /** True after `dispose()` or the end of its tidy. */
  readonly isDisposed: boolean;
  /**
   * Grows this memory in place by more positions, all of which take part, and returns it. With `streaming`, positions that the
   * first of the new ones no longer reaches are forgotten. A rotary, ALiBi or relative mechanism refuses when a row was shorter
   * than the memory, for the distance across the padding would count: pad such rows on the left and give a mask.
   *
   * On backends that write in place (cpu and wasm) nothing is copied, but once each time that the room for positions is full and
   * doubles (see `PrepareOptions.capacity`); on others, and while gradients are taken, keys and values are.
   *
   * @param more float32 [B, t, M]; borrowed
   */
  append(more: tf.Tensor3D, options?: Pick<PrepareOptions, 'keys' | 'positions'>): this;
  /**
   * Makes row i what row rows[i] was, in place, as beam search needs; rows may repeat, and be more or fewer than B.
   * Nothing is copied when all rows stay where they are. Meant for decoding: its gradient is that of `tf.gather`, which some engines lack.
   */
  reorder(rows: ArrayLike<number> | tf.Tensor1D): this;
  /**
   * Takes back all positions from `length` on, and keeps the room for others: to try something else, or to begin anew.
   *
   * @throws HeedError INVALID_ARGUMENT for more positions than there are, or when some were forgotten; DISPOSED
   */
  truncate(length: number): this;
  /**
   * What it holds, in the order of positions, for `AttentionMechanism.restore`: tensors that are the caller's, and that no later `append`
   * changes.
   *
   * @throws HeedError DISPOSED
   */
  tensors(): MemoryTensors;
  /** Twice is fine. */
  dispose(): void;
}
