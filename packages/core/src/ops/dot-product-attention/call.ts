import type { Tensor, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import type { Bias } from '../../bias.js';
import { normalizeBias } from '../../bias-parts.js';
import { checkFlag, checkOptions, HeedError, type OptionNames } from '@heed/base';
import { HOOK_OPTIONS, normalizeHooks, type HookOptions } from '../../hooks/normalize-hooks.js';
import { normalizeMask } from '../../mask-parts.js';
import { checkAxis, checkTensor, type TensorLike } from '../../tensor-like.js';
import {
  ATTENTION_OPTIONS,
  checkDropout,
  checkFactor,
  checkPositive,
  joinCausal,
  type AttentionOptions,
  type CausalOption,
  type OnRequest,
} from '../options.js';
import { execute, type Prepared } from '../prepared.js';
import { composedDotProduct } from './composed.js';
import { dotProductSpec, type DotProductAttentionRequest } from './spec.js';

export interface DotProductAttentionOptions<Weights extends boolean = boolean, LogSumExp extends boolean = boolean>
  extends AttentionOptions<Weights>, HookOptions {
  /** Factor of the scores; 1/√D by default. */
  readonly scale?: number;
  /** Soft cap: scores become cap·tanh(score / cap). */
  readonly softCap?: number;
  /** Added to the scores; a float32 tensor stands for `dense(tensor)`. Its gradient flows. */
  readonly bias?: Bias | Tensor;
  /** Joined with `mask`. */
  readonly causal?: CausalOption;
  readonly returnLogSumExp?: LogSumExp;
}

const OPTIONS: OptionNames<DotProductAttentionOptions> = {
  ...ATTENTION_OPTIONS,
  ...HOOK_OPTIONS,
  scale: true,
  softCap: true,
  bias: true,
  causal: true,
  returnLogSumExp: true,
};

/** Each is the caller's to dispose. A type alias, which `tf.tidy` accepts as a result where it refuses an interface. */
export type DotProductAttentionResult<Weights extends boolean = boolean, LogSumExp extends boolean = boolean> = {
  /** [B, Hq, Tq, Dv] */
  readonly context: Tensor4D;
  /** [B, Hq, Tq, Tk] when asked for, after the weight hook; without one rows sum to 1, or are all 0 when fully masked. */
  readonly weights: OnRequest<Weights, Tensor4D>;
  /** [B, Hq, Tq] when asked for; −∞ for a fully masked row. */
  readonly logSumExp: OnRequest<LogSumExp, Tensor3D>;
};

/**
 * Scaled dot-product attention: softmax(hook(cap(q·kᵀ·scale) + bias), masked)·v, one kernel forward and one backward where the
 * selected backend has it. All outputs are differentiable in query, key, value, bias and what hooks capture; second derivatives
 * are not supported.
 *
 * @param query [B, Hq, Tq, D] float32
 * @param key   [B, Hk, Tk, D] float32; Hk divides Hq, and adjacent query heads share a key head
 * @param value [B, Hk, Tk, Dv] float32
 * @throws HeedError SHAPE_MISMATCH, DTYPE_UNSUPPORTED, INVALID_ARGUMENT, UNKNOWN_OPTION, ALIGNMENT_REQUIRED, AXES_REQUIRED,
 * DISPOSED
 * @see Vaswani et al. 2017, arXiv:1706.03762, §3.2.1
 */
export function dotProductAttention<Weights extends boolean = false, LogSumExp extends boolean = false>(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  options: DotProductAttentionOptions<Weights, LogSumExp> = {},
): DotProductAttentionResult<Weights, LogSumExp> {
  return execute(prepareDotProduct(query, key, value, options));
}

/** A call as data. */
export interface DotProductAttentionCall extends DotProductAttentionOptions {
  readonly op: typeof op;
  readonly query: TensorLike;
  readonly key: TensorLike;
  readonly value: TensorLike;
}

const op = dotProductSpec.name;

export function prepareDotProductCall(call: DotProductAttentionCall): Prepared<DotProductAttentionRequest> {
  const { op: _, query, key, value, ...options } = call;
  return prepareDotProduct(query, key, value, options);
}

function prepareDotProduct(
  query: TensorLike,
  key: TensorLike,
  value: TensorLike,
  options: DotProductAttentionOptions,
): Prepared<DotProductAttentionRequest> {
  checkOptions(op, options, OPTIONS);
  checkTensor(`${op}: query`, query, { axes: ['B', 'Hq', 'Tq', 'D'] });
  checkTensor(`${op}: key`, key, { axes: ['B', 'Hk', 'Tk', 'D'] });
  checkTensor(`${op}: value`, value, { axes: ['B', 'Hk', 'Tk', 'Dv'] });
  const [batch, heads, queries, width] = query.shape as [number, number, number, number];
  const [keyBatch, keyHeads, keys, keyWidth] = key.shape as [number, number, number, number];
  const [valueBatch, valueHeads, valueKeys, valueWidth] = value.shape as [number, number, number, number];
  checkAxis(op, 'B', ['query', query, batch], ['key', key, keyBatch]);
  checkAxis(op, 'B', ['query', query, batch], ['value', value, valueBatch]);
  checkAxis(op, 'Hk', ['key', key, keyHeads], ['value', value, valueHeads]);
  checkAxis(op, 'D', ['query', query, width], ['key', key, keyWidth]);
  checkAxis(op, 'Tk', ['key', key, keys], ['value', value, valueKeys]);
  if (width === 0) {
    throw new HeedError('SHAPE_MISMATCH', {
      message: `${op}: axis D is empty (query [${query.shape}])`,
      hint: 'scores need at least one dimension',
    });
  }
  if (keyHeads === 0 ? heads !== 0 : heads % keyHeads !== 0) {
    throw new HeedError('SHAPE_MISMATCH', {
      message: `${op}: ${keyHeads} key heads don't divide ${heads} query heads (query [${query.shape}], key [${key.shape}])`,
      hint: 'Hq must be a multiple of Hk',
      details: { query: query.shape, key: key.shape },
    });
  }
  const scale = checkFactor(`${op}: scale`, options.scale ?? 1 / Math.sqrt(width));
  const shape = { batch, heads, queries, keys };
  const mask = normalizeMask(op, joinCausal(op, options.mask, options.causal), shape);
  const bias = normalizeBias(op, options.bias, shape);
  const hooks = normalizeHooks(op, options);
  const request: DotProductAttentionRequest = {
    op,
    ...shape,
    keyHeads,
    width,
    valueWidth,
    scale,
    softCap: checkPositive(`${op}: softCap`, options.softCap),
    mask: mask.parts,
    bias: bias.parts,
    ...hooks.parts,
    dropout: checkDropout(op, options.dropout),
    returnWeights: checkFlag(`${op}: returnWeights`, options.returnWeights),
  };
  return {
    op: dotProductSpec,
    composed: composedDotProduct,
    request,
    inputs: { query, key, value, bias: bias.tensor, table: bias.table, captures: hooks.packed },
    masks: mask.dense,
    captures: hooks.captures,
    returnWeights: request.returnWeights,
    returnLogSumExp: checkFlag(`${op}: returnLogSumExp`, options.returnLogSumExp),
  };
}
