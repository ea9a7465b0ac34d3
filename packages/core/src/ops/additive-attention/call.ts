import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { checkFlag, checkOptions, HeedError, type OptionNames } from '@heed/base';
import { HOOK_OPTIONS, normalizeHooks, type HookOptions } from '../../hooks/normalize-hooks.js';
import { normalizeMask } from '../../mask-parts.js';
import { checkAxis, checkTensor, type TensorLike } from '../../tensor-like.js';
import {
  ATTENTION_OPTIONS,
  checkDropout,
  joinCausal,
  type AttentionOptions,
  type CausalOption,
  type OnRequest,
} from '../options.js';
import { execute, type Prepared } from '../prepared.js';
import { composedAdditive } from './composed.js';
import { additiveSpec, type AdditiveAttentionRequest } from './spec.js';

export interface AdditiveAttentionOptions<Weights extends boolean = boolean, LogSumExp extends boolean = boolean>
  extends AttentionOptions<Weights>, HookOptions {
  /** Joined with `mask`. */
  readonly causal?: CausalOption;
  readonly returnLogSumExp?: LogSumExp;
}

const OPTIONS: OptionNames<AdditiveAttentionOptions> = {
  ...ATTENTION_OPTIONS,
  ...HOOK_OPTIONS,
  causal: true,
  returnLogSumExp: true,
};

/** Each is the caller's to dispose. A type alias, which `tf.tidy` accepts as a result where it refuses an interface. */
export type AdditiveAttentionResult<Weights extends boolean = boolean, LogSumExp extends boolean = boolean> = {
  /** [B, Tq, Dv] */
  readonly context: Tensor3D;
  /** [B, Tq, Tk] when asked for, after the weight hook; without one rows sum to 1, or are all 0 when fully masked. */
  readonly weights: OnRequest<Weights, Tensor3D>;
  /** [B, Tq] when asked for; −∞ for a fully masked row. */
  readonly logSumExp: OnRequest<LogSumExp, Tensor2D>;
};

/**
 * Bahdanau's additive attention over projected inputs: softmax_j(hook(vᵀ tanh(q_i + k_j)), masked)·values. With q = W₂s + b and
 * k = W₁h it is the paper's alignment model. No [B, Tq, Tk, U] array is held. All outputs are differentiable in query, key,
 * vector, value and what hooks capture; second derivatives are not supported.
 *
 * @param query  q, [B, Tq, U] float32
 * @param key    k, [B, Tk, U] float32
 * @param vector v, [U] float32
 * @param value  [B, Tk, Dv] float32
 * @throws HeedError SHAPE_MISMATCH, DTYPE_UNSUPPORTED, INVALID_ARGUMENT, UNKNOWN_OPTION, ALIGNMENT_REQUIRED, DISPOSED
 * @see Bahdanau, Cho & Bengio 2014, arXiv:1409.0473, §3.1 and A.1.2
 */
export function additiveAttention<Weights extends boolean = false, LogSumExp extends boolean = false>(
  query: Tensor,
  key: Tensor,
  vector: Tensor,
  value: Tensor,
  options: AdditiveAttentionOptions<Weights, LogSumExp> = {},
): AdditiveAttentionResult<Weights, LogSumExp> {
  return execute(prepareAdditive(query, key, vector, value, options));
}

/** A call as data. */
export interface AdditiveAttentionCall extends AdditiveAttentionOptions {
  readonly op: typeof op;
  readonly query: TensorLike;
  readonly key: TensorLike;
  readonly vector: TensorLike;
  readonly value: TensorLike;
}

const op = additiveSpec.name;

export function prepareAdditiveCall(call: AdditiveAttentionCall): Prepared<AdditiveAttentionRequest> {
  const { op: _, query, key, vector, value, ...options } = call;
  return prepareAdditive(query, key, vector, value, options);
}

function prepareAdditive(
  query: TensorLike,
  key: TensorLike,
  vector: TensorLike,
  value: TensorLike,
  options: AdditiveAttentionOptions,
): Prepared<AdditiveAttentionRequest> {
  checkOptions(op, options, OPTIONS);
  checkTensor(`${op}: query`, query, { axes: ['B', 'Tq', 'U'] });
  checkTensor(`${op}: key`, key, { axes: ['B', 'Tk', 'U'] });
  checkTensor(`${op}: vector`, vector, { axes: ['U'] });
  checkTensor(`${op}: value`, value, { axes: ['B', 'Tk', 'Dv'] });
  const [batch, queries, units] = query.shape as [number, number, number];
  const [keyBatch, keys, keyUnits] = key.shape as [number, number, number];
  const [valueBatch, valueKeys, valueWidth] = value.shape as [number, number, number];
  checkAxis(op, 'B', ['query', query, batch], ['key', key, keyBatch]);
  checkAxis(op, 'B', ['query', query, batch], ['value', value, valueBatch]);
  checkAxis(op, 'U', ['query', query, units], ['key', key, keyUnits]);
  checkAxis(op, 'U', ['query', query, units], ['vector', vector, vector.shape[0]]);
  checkAxis(op, 'Tk', ['key', key, keys], ['value', value, valueKeys]);
  if (units === 0) {
    throw new HeedError('SHAPE_MISMATCH', {
      message: `${op}: axis U is empty (query [${query.shape}])`,
      hint: 'scores need at least one unit',
    });
  }
  const mask = normalizeMask(op, joinCausal(op, options.mask, options.causal), { batch, heads: 1, queries, keys });
  const hooks = normalizeHooks(op, options);
  const request: AdditiveAttentionRequest = {
    op,
    batch,
    queries,
    keys,
    units,
    valueWidth,
    mask: mask.parts,
    ...hooks.parts,
    dropout: checkDropout(op, options.dropout),
    returnWeights: checkFlag(`${op}: returnWeights`, options.returnWeights),
  };
  return {
    op: additiveSpec,
    composed: composedAdditive,
    request,
    inputs: { query, key, vector, value, captures: hooks.packed },
    masks: mask.dense,
    captures: hooks.captures,
    returnWeights: request.returnWeights,
    returnLogSumExp: checkFlag(`${op}: returnLogSumExp`, options.returnLogSumExp),
  };
}
