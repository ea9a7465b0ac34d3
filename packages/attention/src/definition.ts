import type * as tf from '@tensorflow/tfjs-core';
import type { Alignment, Bias, DotProductAttentionOptions, Mask } from '@heed/core';
import type { GenericSchema } from 'valibot';
import type { Comparison } from './comparison.js';
import type { MechanismUse } from './cost/mechanism-use.js';
import type { Tally } from './cost/tally.js';
import type { Fit } from './fit.js';
import type { Formula } from './formula.js';
import type { ParameterSpec } from './parameters.js';
import type { PositionIds } from './positions/position-ids.js';
import type { Turned, Turning } from './positions/turning.js';
import type { Projection } from './projection.js';
import type { AttentionState } from './state.js';
import type { Between } from './weigh.js';

/** What the configuration of any mechanism has. */
export interface AnyConfig {
  readonly kind: string;
  /** Begins the names of variables and messages. */
  readonly name: string;
}

/** Parameters by their keys. One that the configuration goes without is undefined. */
export type Parameters = Readonly<Record<string, tf.Tensor>>;

/**
 * Everything that a mechanism is, in one object: what `createMechanism`, models, costs, commands and pages know of it they
 * read here. The checks, ownership, masks, dropout and shapes that all mechanisms share are not its business.
 *
 * Axis letters: N rows, T queries, Tk positions of the memory, Q query width, M memory width, C context width, H heads.
 */
export interface MechanismDefinition<Config extends AnyConfig = AnyConfig, Options extends object = object> {
  readonly kind: Config['kind'];
  /** Name for people: 'Dot product (Luong)'. */
  readonly title: string;
  readonly formula: Formula;
  /** Options with their kind, which become the configuration: checked, and with defaults filled in. */
  readonly schema: GenericSchema<Options & { readonly kind: Config['kind'] }, Config>;
  readonly fit: Fit;
  /** Values for options that have no default and that `fit` doesn't know, for a caller without an opinion. */
  suggest?(size: { readonly width: number; readonly heads: number }): object;
  /** Options of core's `dotProductAttention`, for a mechanism that is nothing but that op. */
  readonly op?: Pick<DotProductAttentionOptions, 'scale'>;
  widths(config: Config): Widths;
  /** Whether scores depend on how far apart a query and a position are. */
  positional?(config: Config): boolean;
  /**
   * Whether a query never attends to a later position than its own, whatever its options and the caller's masks: for texts that attend to
   * themselves. The states of a decoder sit on no position of what they attend to.
   */
  readonly looksBack?: true;
  parameters(config: Config): Readonly<Record<string, ParameterSpec>>;
  /** What turns queries and keys by their positions; undefined where nothing does. */
  turned?(config: Config): Turned | undefined;
  /** @param turning what turns as `turned` says; there whenever that is. Tables of a mechanism that owns its parameters live as long as these */
  bind(config: Config, parameters: Parameters, turning: Turning | undefined): Body;
  /**
   * Whether weights are something else than the softmax of the scores that the caller's masks leave: differences, mixtures, or masked by the
   * mechanism itself.
   */
  readonly weighs?: true;
  /** What it remembers from one step to the next; absent when it remembers nothing. */
  readonly state?: StateDefinition<Config>;
  /** Adds parameters and work to the tally. */
  cost(tally: Tally, config: Config, use: MechanismUse): void;
}

export interface Widths {
  /** Q */
  readonly queryWidth: number;
  /** M */
  readonly memoryWidth: number;
  /** Width of `keys` of `prepare`; M by default. */
  readonly keysWidth?: number;
  /** C */
  readonly contextWidth: number;
}

/** The computation, with its parameters. */
export interface Body {
  /** Keys and values [B, Tk, M] → as `compare` wants them; `start` is the position of the first one. */
  project(keys: tf.Tensor3D, values: tf.Tensor3D, start: number, positions?: PositionIds): Projection;
  /** Queries [N, T, Q] and a memory of N rows → what core is to compute. With a state, T is 1. */
  compare(query: tf.Tensor3D, memory: Projection, call: CompareCall): Comparison;
  /** What a memory keeps when it grows: its first positions and its last ones; everything by default. */
  readonly keeps?: Keeps;
  /**
   * Whether `compare` hands keys and values to one op of core as they are, and tells positions by the alignment alone, never by how
   * many there are: it may then get the tensors that a growing memory writes into, which have room after the last position. A mask says so.
   */
  readonly readsAsStored?: boolean;
  /** Whether positions may be given, in place of `start` and the alignment; others refuse them. */
  readonly takesPositions?: boolean;
  /** H, of comparisons with heads. */
  readonly heads?: number;
  /** Contexts of heads [N, H, T, Dv] and the queries [N, T, Q] → context [N, T, C]; of comparisons with heads. */
  combine?(heads: tf.Tensor4D, query: tf.Tensor3D): tf.Tensor3D;
  /** What else stands on the way from scores to contexts, by names of the mechanism's own, to look at; of those without a state. */
  between?(query: tf.Tensor3D, memory: Projection, call: CompareCall, seen: SeenBetween): Between;
  /** What training adds to its loss, for these queries: a number [] of which gradients are taken. */
  loss?(query: tf.Tensor3D): tf.Scalar;
}

/** What `parts` has found already. */
interface SeenBetween {
  readonly scores: tf.Tensor;
  /** The scores that were put in their place, when some were. */
  readonly changed?: tf.Tensor;
  readonly weights: tf.Tensor;
}

export interface CompareCall {
  /** Which position query 0 sits on. */
  readonly alignment: Alignment;
  /** What the step before left; empty for a mechanism that remembers nothing. */
  readonly state: AttentionState;
  /** Which positions of the memory take part by its own lengths and mask, whatever the query: bool [N, Tk]. */
  present(): tf.Tensor2D;
  /** Who may attend to what: the memory's own, the causal one and the caller's. Core applies them; scores that are mixed need them before. */
  readonly masks: readonly Mask[];
  /** The caller's bias. Core adds it to dot products; a mechanism that scores by itself may add it, and then says so. */
  readonly bias: Bias | tf.Tensor | undefined;
  /** Positions of the queries in place of the alignment's, where the caller gave them. */
  readonly positions?: PositionIds | undefined;
  /** How many positions after the first that are kept the memory has forgotten; 0 of a memory that keeps everything. */
  readonly evicted: number;
}

/** Numbers of positions that a growing memory keeps. */
export interface Keeps {
  readonly first: number;
  readonly last: number;
}

export interface StateDefinition<Config extends AnyConfig = AnyConfig> {
  /** Shapes by name, without the rows, for a memory of `keys` positions. */
  shapes(keys: number, config: Config): Readonly<Record<string, readonly number[]>>;
  /** One row of a tensor before the first step, row-major; undefined for zeros. */
  initial?(name: string, keys: number, config: Config): ArrayLike<number> | undefined;
  /** Names of tensors [N, Tk] that are 0 where a position takes no part, whatever a caller's own state holds there. */
  readonly alongKeys?: readonly string[];
  /** State [N, …] and what a step saw → the state of the next step. */
  next(state: AttentionState, seen: SeenStep): AttentionState;
}

/** What a step saw and was made of. */
export interface SeenStep {
  /** Before dropout: [N, Tk], or [N, H, Tk]. */
  readonly weights: tf.Tensor;
  /** What stood between scores and weights, [N, 1, …]. */
  readonly between: Between;
  /** [N, Q] */
  readonly query: tf.Tensor2D;
  readonly memory: Projection;
  /** As in `CompareCall`. */
  present(): tf.Tensor2D;
  readonly parameters: Parameters;
}
