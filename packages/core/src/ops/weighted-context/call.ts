import type { Tensor } from '@tensorflow/tfjs-core';
import { checkFlag, checkOptions, HeedError, show, suggestion, type OptionNames } from '@heed/base';
import { normalizeMask } from '../../mask-parts.js';
import { checkNormalizer, type NormalizerDefinition } from '../../normalizers/define.js';
import { NORMALIZERS, NORMALIZER_DEFINITIONS, type Normalizer } from '../../normalizers/index.js';
import { checkAlive, checkDtype, type TensorLike } from '../../tensor-like.js';
import {
  ATTENTION_OPTIONS,
  checkDropout,
  joinCausal,
  type AttentionOptions,
  type CausalOption,
  type OnRequest,
} from '../options.js';
import { execute, type Prepared } from '../prepared.js';
import { composedWeighted } from './composed.js';
import { weightedSpec, type WeightedContextRequest } from './spec.js';

export interface WeightedContextOptions<Weights extends boolean = boolean> extends AttentionOptions<Weights> {
  /**
   * From scores to weights, row by row: 'softmax' (default), 'sparsemax', 'entmax15', 'sigmoid' (rows don't sum to 1),
   * 'hard' (1 at the first maximum; no gradient in the scores), `entmax(alpha)`, or one of your own, made by `defineNormalizer`.
   */
  readonly normalizer?: Normalizer | NormalizerDefinition;
  /** Joined with `mask`. */
  readonly causal?: CausalOption;
}

const OPTIONS: OptionNames<WeightedContextOptions> = { ...ATTENTION_OPTIONS, normalizer: true, causal: true };

/** Each is the caller's to dispose. A type alias, which `tf.tidy` accepts as a result where it refuses an interface. */
export type WeightedContextResult<Weights extends boolean = boolean> = {
  /** […, Tq, Dv] */
  readonly context: Tensor;
  /** […, Tq, Tk] when asked for. */
  readonly weights: OnRequest<Weights, Tensor>;
};

/**
 * Attention over scores of the caller's own, e_ij = f(s_i, h_j): weights = normaliser(scores, masked), context =
 * weights·value. Differentiable in scores, value and the normaliser's parameter.
 *
 * @param scores [Tq, Tk], [B, Tq, Tk] or […, B, H, Tq, Tk] float32; leading axes before H count as batch for masks
 * @param value  the same leading axes, then [Tk, Dv], float32
 * @throws HeedError SHAPE_MISMATCH, DTYPE_UNSUPPORTED, INVALID_ARGUMENT, UNKNOWN_OPTION, UNKNOWN_NAME (the normaliser),
 * ALIGNMENT_REQUIRED, AXES_REQUIRED, DISPOSED
 * @see Martins & Astudillo 2016, arXiv:1602.02068 (sparsemax); Peters, Niculae & Martins 2019, arXiv:1905.05702 (entmax)
 */
export function weightedContext<Weights extends boolean = false>(
  scores: Tensor,
  value: Tensor,
  options: WeightedContextOptions<Weights> = {},
): WeightedContextResult<Weights> {
  return execute(prepareWeighted(scores, value, options));
}

/** A call as data. */
export interface WeightedContextCall extends WeightedContextOptions {
  readonly op: typeof op;
  readonly scores: TensorLike;
  readonly value: TensorLike;
}

const op = weightedSpec.name;

export function prepareWeightedCall(call: WeightedContextCall): Prepared<WeightedContextRequest> {
  const { op: _, scores, value, ...options } = call;
  return prepareWeighted(scores, value, options);
}

function prepareWeighted(
  scores: TensorLike,
  value: TensorLike,
  options: WeightedContextOptions,
): Prepared<WeightedContextRequest> {
  checkOptions(op, options, OPTIONS);
  checkAlive(`${op}: scores`, scores, 'a float32 tensor of shape […, Tq, Tk]');
  checkAlive(`${op}: value`, value, 'a float32 tensor of shape […, Tk, Dv]');
  checkDtype(`${op}: scores`, scores, 'float32');
  checkDtype(`${op}: value`, value, 'float32');
  const leading = scores.shape.slice(0, -2);
  const [queries, keys] = scores.shape.slice(-2);
  const [valueKeys, valueWidth] = value.shape.slice(-2);
  const agree =
    scores.shape.length >= 2 &&
    value.shape.length === scores.shape.length &&
    leading.every((length, axis) => length === value.shape[axis]) &&
    keys === valueKeys;
  if (!agree) {
    throw new HeedError('SHAPE_MISMATCH', {
      message: `${op}: scores [${scores.shape}] and value [${value.shape}] don't fit`,
      hint: 'scores are […, Tq, Tk] and value is […, Tk, Dv] with the same leading axes',
      details: { scores: scores.shape, value: value.shape },
    });
  }
  const normalizer = normalizerOf(options.normalizer ?? 'softmax');
  // The last leading axis is the heads, unless it is the only one: then it is the batch.
  const heads = leading.length > 1 ? leading.at(-1)! : 1;
  const batch = (leading.length > 1 ? leading.slice(0, -1) : leading).reduce((a, b) => a * b, 1);
  const shape = { batch, heads, queries: queries!, keys: keys! };
  const { parameter } = normalizer;
  if (parameter !== undefined) checkParameter(normalizer.name, parameter, heads);
  const mask = normalizeMask(op, joinCausal(op, options.mask, options.causal), shape);
  const request: WeightedContextRequest = {
    op,
    ...shape,
    valueWidth: valueWidth!,
    normalizer: normalizer.name,
    parameters: parameter?.size ?? 0,
    mask: mask.parts,
    dropout: checkDropout(op, options.dropout),
  };
  const shapes = {
    context: [...leading, queries!, valueWidth!],
    weights: [...leading, queries!, keys!],
  };
  return {
    op: weightedSpec,
    composed: composedWeighted(normalizer),
    request,
    inputs: { scores, value, parameter },
    masks: mask.dense,
    shapes,
    returnWeights: checkFlag(`${op}: returnWeights`, options.returnWeights),
    returnLogSumExp: false,
  };
}

/** @throws HeedError SHAPE_MISMATCH unless it is a number for all heads or one for each; DTYPE_UNSUPPORTED, DISPOSED */
function checkParameter(normalizer: string, parameter: Tensor, heads: number): void {
  const what = `${op}: parameter of ${normalizer}`;
  checkAlive(what, parameter, 'a float32 tensor of shape [] or [H]');
  checkDtype(what, parameter, 'float32');
  const { shape, size } = parameter;
  if (shape.length < 2 && (size === 1 || size === heads)) return;
  throw new HeedError('SHAPE_MISMATCH', {
    message: `${what} has shape [${shape}], the scores have ${heads} heads`,
    hint: 'one number for all heads, or one for each',
    details: { shape, heads },
  });
}

function normalizerOf(given: Normalizer | NormalizerDefinition): NormalizerDefinition {
  if (typeof given === 'object' && given !== null) {
    checkNormalizer(`${op}: normalizer`, given, NORMALIZER_DEFINITIONS);
    return given;
  }
  if (!Object.hasOwn(NORMALIZER_DEFINITIONS, given)) {
    throw new HeedError('UNKNOWN_NAME', {
      message: `${op}: normalizer is ${show(given)}`,
      hint: suggestion(String(given), NORMALIZERS, 'there are'),
    });
  }
  return NORMALIZER_DEFINITIONS[given];
}
