import type { Tensor, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { checkFlag, checkOptions, HeedError, show, type OptionNames } from '@heed/base';
import { checkAlive, checkAxis, checkDtype, checkTensor, type TensorLike } from '../../tensor-like.js';
import { checkFactor, type OnRequest } from '../options.js';
import { execute, type Prepared } from '../prepared.js';
import { composedLinear } from './composed.js';
import { linearSpec, type LinearAttentionRequest } from './spec.js';

export interface LinearAttentionOptions<
  State extends boolean = boolean,
  Normalize extends boolean = boolean,
  T extends TensorLike = Tensor,
> {
  /**
   * g, the logarithm of what a step leaves of the state, at most 0 in use: [B, Hk, T, D] for each key dimension (gated linear attention);
   * [B, Hk, T] or [B, Hk, T, 1] for a head (gated delta rule); [Hk] the same at each step (retention). Axes of 4 or 3 may have length 1.
   */
  readonly logDecay?: T;
  /** β, how far a step replaces what the state has for its key (delta rule), between 0 and 1 in use: [B, Hk, T]; axes may have length 1. */
  readonly beta?: T;
  /** Whether contexts are divided by q·z, z the sum of the keys, decayed as the state is; not with `beta`. False by default. */
  readonly normalize?: Normalize;
  /** Factor of q·k; 1/√D by default. Not with `normalize`, which takes it out again. */
  readonly scale?: number;
  /** False where every query reads the state after all keys; not with `logDecay` or `beta`. True by default: query i reads steps 0 to i. */
  readonly causal?: boolean;
  /** Steps of each row, B whole numbers. The steps past them leave the state as it is, and their contexts are 0. Unless causal: keys of each row. */
  readonly lengths?: readonly number[] | Int32Array;
  /** State before the first step: [B, Hk, D, Dv]; zeros by default. */
  readonly initialState?: T;
  /** z before the first step: [B, Hk, D]; with `normalize`, beside `initialState`. */
  readonly initialNormalizer?: T;
  /** Also returns the state after the last step, and z with `normalize`. */
  readonly returnState?: State;
}

const OPTIONS: OptionNames<LinearAttentionOptions> = {
  logDecay: true,
  beta: true,
  normalize: true,
  scale: true,
  causal: true,
  lengths: true,
  initialState: true,
  initialNormalizer: true,
  returnState: true,
};

/** Each is the caller's to dispose. A type alias, which `tf.tidy` accepts as a result where it refuses an interface. */
export type LinearAttentionResult<State extends boolean = boolean, Normalize extends boolean = boolean> = {
  /** [B, Hq, Tq, Dv] */
  readonly context: Tensor4D;
  /** [B, Hk, D, Dv] after the last step of each row, when asked for. */
  readonly state: OnRequest<State, Tensor4D>;
  /** [B, Hk, D] after the last step of each row, when asked for and with `normalize`. */
  readonly normalizer: State extends true ? OnRequest<Normalize, Tensor3D> : OnRequest<State, Tensor3D>;
};

/**
 * Linear attention: a state S [D, Dv] for each key head, to which step t writes and from which query t reads,
 *
 *   S_t = diag(exp(g_t)) S_{t−1} + k_t v_tᵀ,   context_t = scale·S_tᵀ q_t,
 *
 * without g the sum of all outer products. With β it is the delta rule, which first takes what the decayed state G has for the key off the
 * value: S_t = G + β_t k_t (v_t − Gᵀ k_t)ᵀ. Keys and queries are used as they are: a feature map or unit length is the caller's. Time and
 * memory grow with T, not T². A state that is returned is the initial state of what follows; one step at a time gives the same contexts
 * as all at once. All outputs are differentiable in all tensors; second derivatives are not supported.
 *
 * @param query [B, Hq, Tq, D] float32
 * @param key   [B, Hk, Tk, D] float32; Tk is Tq unless `causal` is false; Hk divides Hq, and adjacent query heads share a key head
 * @param value [B, Hk, Tk, Dv] float32
 * @throws HeedError SHAPE_MISMATCH, DTYPE_UNSUPPORTED, INVALID_ARGUMENT, UNKNOWN_OPTION, DISPOSED
 * @see Katharopoulos et al. 2020, arXiv:2006.16236, eq. 5–12 (linear); Sun et al. 2023, arXiv:2307.08621, eq. 5–7 (retention); Yang et
 * al. 2023, arXiv:2312.06635, eq. 3 (gates); Schlag, Irie & Schmidhuber 2021, arXiv:2102.11174 (delta rule); Yang, Kautz & Hatamizadeh
 * 2024, arXiv:2412.06464, eq. 10 (gated delta rule)
 */
export function linearAttention<State extends boolean = false, Normalize extends boolean = false>(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  options: LinearAttentionOptions<State, Normalize> = {},
): LinearAttentionResult<State, Normalize> {
  return execute(prepareLinear(query, key, value, options));
}

/** A call as data. */
export interface LinearAttentionCall extends LinearAttentionOptions<boolean, boolean, TensorLike> {
  readonly op: typeof op;
  readonly query: TensorLike;
  readonly key: TensorLike;
  readonly value: TensorLike;
}

type Options = LinearAttentionOptions<boolean, boolean, TensorLike>;

const op = linearSpec.name;

export function prepareLinearCall(call: LinearAttentionCall): Prepared<LinearAttentionRequest> {
  const { op: _, query, key, value, ...options } = call;
  return prepareLinear(query, key, value, options);
}

function prepareLinear(
  query: TensorLike,
  key: TensorLike,
  value: TensorLike,
  options: Options,
): Prepared<LinearAttentionRequest> {
  checkOptions(op, options, OPTIONS);
  const sizes = sizesOf(query, key, value);
  const flag = (name: 'normalize' | 'returnState'): boolean => checkFlag(`${op}: ${name}`, options[name]);
  const causal = checkFlag(`${op}: causal`, options.causal ?? true);
  const normalize = flag('normalize');
  checkTogether(options, { causal, normalize });
  if (causal) checkAxis(op, 'T', ['query', query, sizes.queries], ['key', key, sizes.keys]);
  const { logDecay, beta, initialState, initialNormalizer } = checkSteps(options, sizes);
  const request: LinearAttentionRequest = {
    op,
    ...sizes,
    scale: normalize ? 1 : checkFactor(`${op}: scale`, options.scale ?? 1 / Math.sqrt(sizes.width)),
    logDecay: logDecay === undefined ? null : shape4(logDecay.shape),
    beta: beta === undefined ? null : (beta.shape as [number, number, number]),
    normalize,
    lengths: checkLengths(options.lengths, sizes),
    bidirectional: !causal,
    initialState: initialState !== undefined,
    returnState: flag('returnState'),
  };
  return {
    op: linearSpec,
    composed: composedLinear,
    request,
    inputs: { query, key, value, logDecay, beta, initialState, initialNormalizer },
    masks: [],
    returnWeights: false,
    returnLogSumExp: false,
  };
}

type Sizes = Pick<LinearAttentionRequest, 'batch' | 'heads' | 'keyHeads' | 'queries' | 'keys' | 'width' | 'valueWidth'>;

function sizesOf(query: TensorLike, key: TensorLike, value: TensorLike): Sizes {
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
      hint: 'a state needs at least one key dimension',
    });
  }
  if (keyHeads === 0 ? heads !== 0 : heads % keyHeads !== 0) {
    throw new HeedError('SHAPE_MISMATCH', {
      message: `${op}: ${keyHeads} key heads don't divide ${heads} query heads (query [${query.shape}], key [${key.shape}])`,
      hint: 'Hq must be a multiple of Hk',
      details: { query: query.shape, key: key.shape },
    });
  }
  return { batch, heads, keyHeads, queries, keys, width, valueWidth };
}

/** Refuses options that would mean nothing together. */
function checkTogether(options: Options, { causal, normalize }: { causal: boolean; normalize: boolean }): void {
  const refuse = (together: string, hint: string): never => {
    throw new HeedError('INVALID_ARGUMENT', { message: `${op}: ${together} don't go together`, hint });
  };
  if (normalize && options.beta !== undefined) {
    refuse('normalize and beta', 'the delta rule has no normaliser; leave normalize out');
  }
  if (normalize && options.scale !== undefined) {
    refuse('normalize and scale', 'a normalised context is the same with any scale; leave scale out');
  }
  if (!causal && (options.logDecay !== undefined || options.beta !== undefined)) {
    refuse('causal: false and logDecay or beta', 'without an order of steps there is neither a decay nor a delta rule');
  }
  if (options.initialNormalizer !== undefined && !normalize) {
    refuse('initialNormalizer and normalize: false', 'a normaliser is used with normalize: true');
  }
  if (normalize && (options.initialState === undefined) !== (options.initialNormalizer === undefined)) {
    const [given, missing] =
      options.initialState === undefined
        ? ['initialNormalizer', 'initialState']
        : ['initialState', 'initialNormalizer'];
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${op}: ${given} is there without ${missing}`,
      hint: 'with normalize: true a state is both, as returnState gives them',
    });
  }
}

type Steps = Pick<Options, 'logDecay' | 'beta' | 'initialState' | 'initialNormalizer'>;

/** The tensors among the options, a decay with its rank of 4 already. */
function checkSteps({ logDecay, beta, initialState, initialNormalizer }: Options, sizes: Sizes): Steps {
  const { batch, keyHeads, keys, width, valueWidth } = sizes;
  if (logDecay !== undefined) {
    const full = [batch, keyHeads, keys, width];
    checkBroadcast('logDecay', logDecay, full, [full, [batch, keyHeads, keys], [keyHeads]]);
  }
  if (beta !== undefined) checkBroadcast('beta', beta, [batch, keyHeads, keys], [[batch, keyHeads, keys]]);
  if (initialState !== undefined)
    checkTensor(`${op}: initialState`, initialState, { axes: [batch, keyHeads, width, valueWidth] });
  if (initialNormalizer !== undefined)
    checkTensor(`${op}: initialNormalizer`, initialNormalizer, { axes: [batch, keyHeads, width] });
  return { logDecay, beta, initialState, initialNormalizer };
}

/** Refuses a tensor that has none of the shapes, any axis of which may be 1. */
function checkBroadcast(
  name: 'logDecay' | 'beta',
  tensor: TensorLike,
  full: readonly number[],
  shapes: readonly (readonly number[])[],
): void {
  const wanted = shapes.map((shape) => `[${shape.join(', ')}]`).join(' or ');
  checkAlive(`${op}: ${name}`, tensor, `a float32 tensor of shape ${wanted}`);
  const fits = shapes.some(
    (shape) =>
      shape.length === tensor.shape.length &&
      shape.every((length, axis) => tensor.shape[axis] === length || tensor.shape[axis] === 1),
  );
  if (!fits) {
    throw new HeedError('SHAPE_MISMATCH', {
      message: `${op}: ${name} has shape [${tensor.shape}], expected ${wanted}`,
      hint: 'axes are B, Hk, T, D; any of them may have length 1, for the same along it',
      details: { shape: tensor.shape, expected: full },
    });
  }
  checkDtype(`${op}: ${name}`, tensor, 'float32');
}

/** [B, Hk, T, D or 1] of a decay's shape, axes of length 1 being the same along them. */
function shape4(shape: readonly number[]): [number, number, number, number] {
  const [a, b, c, d] = shape as [number, number, number, number];
  if (shape.length === 1) return [1, a, 1, 1];
  return [a, b, c, shape.length === 3 ? 1 : d];
}

function checkLengths(lengths: Options['lengths'], { batch, keys }: Sizes): Int32Array | null {
  if (lengths === undefined) return null;
  if (!(Array.isArray(lengths) || lengths instanceof Int32Array)) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${op}: lengths are ${show(lengths)}`,
      hint: 'an array of B numbers',
    });
  }
  const wrong = lengths.find((length) => !(Number.isInteger(length) && length >= 0 && length <= keys));
  if (lengths.length !== batch || wrong !== undefined) {
    throw new HeedError('INVALID_ARGUMENT', {
      message:
        wrong === undefined
          ? `${op}: there are ${lengths.length} lengths for ${batch} rows`
          : `${op}: length ${show(wrong)} is no whole number from 0 to ${keys}`,
      hint: `B = ${batch} whole numbers, each at most T = ${keys}`,
      details: { lengths: [...lengths] },
    });
  }
  return lengths.every((length) => length === keys) ? null : Int32Array.from(lengths);
}
