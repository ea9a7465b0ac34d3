import * as tf from '@tensorflow/tfjs-core';
import {
  HeedError,
  additiveAttention,
  dense,
  dotProductAttention,
  sumOf,
  weightedContext,
  type AdditiveAttentionOptions,
  type Bias,
  type Dropout,
  type DotProductAttentionOptions,
  type Explanation,
  type HookOptions,
  type Mask,
  type MaskHook,
  type Normalizer,
  type NormalizerDefinition,
  type WeightedContextOptions,
} from '@heed/core';
import type { Weigh } from './weigh.js';

/** What a mechanism asks of core once query and memory are as it wants them. */
export type Comparison = DotProductComparison | AdditiveComparison | ScoredComparison | OwnComparison;

/** What any comparison may have besides. */
interface Additions {
  /** Masks of the mechanism itself, joined with the caller's. */
  readonly masks?: readonly Mask[];
  /** One more of them, of a comparison that is an op which takes hooks. */
  readonly formula?: MaskFormula;
  /** Makes of what the op found what the mechanism finds: of context, weights where they are asked for, and logSumExp. */
  finish?(seen: Finished): Finished;
  /** How scores become weights, when that isn't the op's softmax. The op then only scores; comparisons with heads have none. */
  readonly weigh?: Weigh;
}

/** A mask as a formula, of which kernels make no table. */
export interface MaskFormula {
  readonly hook: MaskHook;
  /** The same as a table: beside a hook of the caller's, as an op takes one, and for scores that no op makes. */
  dense(): Mask;
}

/** softmax(cap(q·kᵀ·scale) + biases)·v */
export interface DotProductComparison extends Additions {
  readonly op: 'dotProductAttention';
  /** [N, Hq, T, D], or [N, T, D] of a mechanism that has no heads; key and value alike, with Hk and Tk. */
  readonly query: tf.Tensor;
  readonly key: tf.Tensor;
  readonly value: tf.Tensor;
  readonly scale?: number;
  readonly softCap?: number;
  readonly biases?: readonly Bias[];
}

/** softmax(vᵀ tanh(q + k))·values */
export interface AdditiveComparison extends Additions {
  readonly op: 'additiveAttention';
  /** [N, T, U] */
  readonly query: tf.Tensor;
  /** [N, Tk, U] */
  readonly key: tf.Tensor;
  /** [U] */
  readonly vector: tf.Tensor;
  /** [N, Tk, Dv] */
  readonly value: tf.Tensor;
}

/** normaliser(scores)·values, for scores that no other op has. */
export interface ScoredComparison extends Additions {
  readonly op: 'weightedContext';
  /** [N, T, Tk], or [N, H, T, Tk] */
  readonly scores: tf.Tensor;
  /** [N, Tk, Dv], or [N, H, Tk, Dv] */
  readonly value: tf.Tensor;
  /** From scores to weights; softmax by default. */
  readonly normalizer?: Normalizer | NormalizerDefinition;
  /** Whether the caller's bias is in the scores; a bias is refused where it isn't. */
  readonly isBiased?: boolean;
  /** Changes weights before dropout and values, 0 where masked: [N, G, T, Tk] → [N, H, T, Tk]. What is masked is then set to 0 again. */
  reweigh?(weights: tf.Tensor): tf.Tensor;
}

/** Attention of a mechanism's own, which is none of one op. */
export interface OwnComparison extends Additions {
  readonly op: 'own';
  /** What tells whether there are heads, [N, Tk, Dv] or [N, H, Tk, Dv]. */
  readonly value: tf.Tensor;
  /** Queries as they are compared, to look at. */
  readonly query: tf.Tensor;
  attend(options: CallOptions): Seen;
  /** What the weights [N, T, Tk] or [N, H, T, Tk] are the softmax of, before masks. */
  scores(options: CallOptions): tf.Tensor;
  /** Whether that softmax of these scores is all there is to the weights, so that other scores can be put in their place. */
  readonly isSoftmax?: boolean;
  explain(options: CallOptions): Explanation;
}

/** What joins a comparison whatever the mechanism: the options of `attend`, resolved. */
export interface CallOptions {
  readonly mask: Mask | undefined;
  readonly bias: Bias | tf.Tensor | undefined;
  readonly dropout: Dropout | undefined;
  readonly returnWeights: boolean;
  readonly returnLogSumExp: boolean;
  /** Hooks of the caller's own, for the op. */
  readonly hooks?: HookOptions;
}

/** A call of an op of core on tensors: core's `Call`, as `explain` takes it. */
export type OpCall =
  | ({
      op: 'dotProductAttention';
      query: tf.Tensor4D;
      key: tf.Tensor4D;
      value: tf.Tensor4D;
    } & DotProductAttentionOptions)
  | ({
      op: 'additiveAttention';
      query: tf.Tensor;
      key: tf.Tensor;
      vector: tf.Tensor;
      value: tf.Tensor;
    } & AdditiveAttentionOptions)
  | ({ op: 'weightedContext'; scores: tf.Tensor; value: tf.Tensor } & WeightedContextOptions);

/** @throws HeedError INVALID_ARGUMENT for a bias that the op has no place for */
export function toCall(what: string, comparison: OpComparison, options: CallOptions): OpCall {
  const { mask, dropout, bias, returnWeights, returnLogSumExp, hooks = {} } = options;
  const common = { mask, dropout, returnWeights };
  if (comparison.op === 'dotProductAttention') {
    const { query, key, value, biases = [], masks: _, formula: __, finish: ___, weigh: ____, ...scores } = comparison;
    return {
      ...scores,
      ...common,
      query: withHeads(query),
      key: withHeads(key),
      value: withHeads(value),
      bias: joinBiases(biases, bias),
      returnLogSumExp,
      ...hooks,
    };
  }
  if (bias !== undefined && !(comparison.op === 'weightedContext' && comparison.isBiased)) refuseBias(what);
  if (comparison.op === 'additiveAttention') {
    const { masks: _, formula: __, finish: ___, weigh: ____, ...given } = comparison;
    return { ...given, ...common, returnLogSumExp, ...hooks };
  }
  const { op, scores, value, normalizer } = comparison;
  return { op, scores, value, ...(normalizer && { normalizer }), ...common };
}

/** Comparisons that are one op of core. */
export type OpComparison = Exclude<Comparison, OwnComparison>;

export function refuseBias(what: string): never {
  throw new HeedError('INVALID_ARGUMENT', {
    message: `${what}: this mechanism takes no bias`,
    hint: 'mask positions with mask, or score with a dot-product mechanism',
  });
}

export interface Seen {
  /** [N, T, Dv] or [N, H, T, Dv] */
  readonly context: tf.Tensor;
  /** [N, T, Tk] or [N, H, T, Tk] */
  readonly weights?: tf.Tensor;
  /** [N, T] or [N, H, T] */
  readonly logSumExp?: tf.Tensor;
}

/** What a comparison finishes with. */
export type Finished = Seen & { readonly logSumExp: tf.Tensor };

/** Runs the call; outputs have no axis of heads where the comparison has none. */
export function perform(call: OpCall, { hasHeads }: { readonly hasHeads: boolean }): Seen {
  switch (call.op) {
    case 'dotProductAttention': {
      const { op: _, query, key, value, ...options } = call;
      const seen: Seen = dotProductAttention(query, key, value, options);
      return hasHeads ? seen : withoutHeads(seen);
    }
    case 'additiveAttention': {
      const { op: _, query, key, vector, value, ...options } = call;
      return additiveAttention(query, key, vector, value, options);
    }
    case 'weightedContext': {
      const { op: _, scores, value, ...options } = call;
      return weightedContext(scores, value, options);
    }
  }
}

export const hasHeads = (comparison: Comparison): boolean => comparison.value.rank === 4;

/** [N, T, D] → [N, 1, T, D] */
function withHeads(x: tf.Tensor): tf.Tensor4D {
  if (x.rank === 4) return x as tf.Tensor4D;
  const [rows, time, width] = x.shape as [number, number, number];
  return tf.reshape(x, [rows, 1, time, width]);
}

function withoutHeads({ context, weights, logSumExp }: Seen): Seen {
  return {
    context: tf.squeeze(context, [1]),
    ...(weights && { weights: tf.squeeze(weights, [1]) }),
    ...(logSumExp && { logSumExp: tf.squeeze(logSumExp, [1]) }),
  };
}

/** The mechanism's own biases and the caller's. */
export function joinBiases(own: readonly Bias[], given: Bias | tf.Tensor | undefined): Bias | tf.Tensor | undefined {
  if (own.length === 0) return given;
  const biases = given === undefined ? own : [...own, given instanceof tf.Tensor ? dense(given) : given];
  return sumOf(...biases);
}
