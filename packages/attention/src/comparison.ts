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
  type Mask,
  type WeightedContextOptions,
} from '@heed/core';

/** What a mechanism asks of core once query and memory are as it wants them. */
export type Comparison = DotProductComparison | AdditiveComparison | ScoredComparison;

/** softmax(cap(q·kᵀ·scale) + biases)·v */
export interface DotProductComparison {
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
export interface AdditiveComparison {
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

/** softmax(scores)·values, for scores that no other op has. */
interface ScoredComparison {
  readonly op: 'weightedContext';
  /** [N, T, Tk], or [N, H, T, Tk] */
  readonly scores: tf.Tensor;
  /** [N, Tk, Dv], or [N, H, Tk, Dv] */
  readonly value: tf.Tensor;
}

/** What joins a comparison whatever the mechanism: the options of `attend`, resolved. */
export interface CallOptions {
  readonly mask: Mask | undefined;
  readonly bias: Bias | tf.Tensor | undefined;
  readonly dropout: Dropout | undefined;
  readonly returnWeights: boolean;
  readonly returnLogSumExp: boolean;
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
export function toCall(what: string, comparison: Comparison, options: CallOptions): OpCall {
  const { mask, dropout, bias, returnWeights, returnLogSumExp } = options;
  const common = { mask, dropout, returnWeights };
  if (comparison.op === 'dotProductAttention') {
    const { query, key, value, biases = [], ...scores } = comparison;
    return {
      ...scores,
      ...common,
      query: withHeads(query),
      key: withHeads(key),
      value: withHeads(value),
      bias: joined(biases, bias),
      returnLogSumExp,
    };
  }
  if (bias !== undefined) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${what}: this mechanism takes no bias`,
      hint: 'mask positions with mask, or score with a dot-product mechanism',
    });
  }
  return comparison.op === 'additiveAttention'
    ? { ...comparison, ...common, returnLogSumExp }
    : { ...comparison, ...common };
}

export interface Seen {
  /** [N, T, Dv] or [N, H, T, Dv] */
  readonly context: tf.Tensor;
  /** [N, T, Tk] or [N, H, T, Tk] */
  readonly weights?: tf.Tensor;
  /** [N, T] or [N, H, T] */
  readonly logSumExp?: tf.Tensor;
}

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
function joined(own: readonly Bias[], given: Bias | tf.Tensor | undefined): Bias | tf.Tensor | undefined {
  if (own.length === 0) return given;
  const biases = given === undefined ? own : [...own, given instanceof tf.Tensor ? dense(given) : given];
  return sumOf(...biases);
}
