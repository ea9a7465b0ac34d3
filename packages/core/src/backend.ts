import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';

/**
 * What a backend author implements. A backend is *not* responsible for validation, defaults, broadcasting of masks and
 * biases, the meaning of options, empty axes, gradients of anything but its own ops, disposal of its inputs, or for
 * requests that it declines: core does all that before a kernel is called, and runs the composed form when a kernel
 * declines.
 *
 * Axis letters: B batch, Hq query heads, Hk key heads, Tq queries, Tk keys, D head width, Dv value width, U units.
 */
export interface AttentionBackend {
  readonly specVersion: 1;
  /** 'cpu', 'wasm', … as shown to users. */
  readonly name: string;
  /** The TensorFlow.js engine it extends, as in `tf.setBackend(engine)`. */
  readonly engine: string;
  readonly capabilities: Capabilities;
  /** Why the fused kernel can't take the request; `[]` means that it does. Must not allocate or throw. */
  unsupportedReasons(request: OpRequest): readonly string[];
  readonly kernels: AttentionKernels;
  /**
   * Kernels of the engine itself that this backend replaces while it is selected (BatchMatMul, …). Core registers them
   * on selection and puts the engine's own back on dispose.
   */
  readonly engineKernels?: readonly EngineKernel[];
  dispose(): Promise<void>;
}

export interface BackendFactory {
  readonly name: string;
  /** Why it can't run here; `[]` means that it can. */
  unavailableReasons(): Promise<readonly string[]>;
  /** Loads and registers the engine, and makes the backend. Doesn't change the engine in use. */
  create(): Promise<AttentionBackend>;
}

export type EngineKernel = Pick<KernelConfig, 'kernelName' | 'kernelFunc'>;

export interface Capabilities {
  /** Ops with fused kernels. */
  readonly fused: readonly OpName[];
  /** Parts of a mask for which kernels skip blocks instead of reading a tensor. */
  readonly skips: readonly ('band' | 'lengths' | 'segments')[];
  readonly simd: 'none' | 'simd' | 'relaxed';
  readonly threads: number;
  /** Bits of a stored float, and of the accumulators. */
  readonly floatBits: 16 | 32;
  readonly accumulatorBits: 16 | 32 | 64;
  /** The same inputs give the same bits. */
  readonly deterministic: boolean;
  /** Names of engine kernels that are replaced. */
  readonly replaces: readonly string[];
  /** Anything else worth knowing, one sentence each: why there are no threads, which build was chosen. */
  readonly notes: readonly string[];
}

export type OpName = OpRequest['op'];
export type OpRequest = DotProductAttentionRequest | AdditiveAttentionRequest | WeightedContextRequest;

/** `[B, H, Tq, Tk]` where any axis may be 1 to mean "the same along it". */
export type Shape4 = readonly [number, number, number, number];

/**
 * A mask, normalised. Query i of batch b may attend to key j when every part that is present allows it.
 */
export interface MaskParts {
  /** `lower[b] ≤ j − i ≤ upper[b]`; both of length B, clamped to [−Tq, Tk], so always finite. */
  readonly band?: { readonly lower: Int32Array; readonly upper: Int32Array };
  /** `j < lengths[b]`, of length B, each in [0, Tk]. */
  readonly lengths?: Int32Array;
  /** `query[b·Tq + i] === key[b·Tk + j]`. */
  readonly segments?: { readonly query: Int32Array; readonly key: Int32Array };
  /** Shape of the bool tensor in `inputs.mask`; true = attend. Each axis is full or 1. */
  readonly dense?: Shape4;
}

/** A bias, normalised: the sum of the parts that are present. */
export interface BiasParts {
  /** Shape of the float tensor in `inputs.bias`. −∞ masks the position. Each axis is full or 1. */
  readonly dense?: Shape4;
  /** `−slopes[h]·|j − i − offsets[b]|`; slopes of length Hq, offsets of length B. */
  readonly alibi?: { readonly slopes: Float32Array; readonly offsets: Int32Array };
  /**
   * `table[h, clamp(j − i − offsets[b], −R, R) + R]` with `inputs.table` of shape [Hq or 1, 2R + 1]; offsets of length B.
   */
  readonly relative?: { readonly heads: number; readonly reach: number; readonly offsets: Int32Array };
}

/**
 * Keep weight number n (its index in the row-major [B, H, Tq, Tk] array) when the first word of Philox 4×32-10 with
 * counter (n mod 2³², ⌊n / 2³²⌋, 0, 0) and key (seed mod 2³², ⌊seed / 2³²⌋) is ≥ ⌊rate·2³²⌋; kept weights are scaled by
 * 1/(1 − rate).
 */
export interface Dropout {
  /** In (0, 1). */
  readonly rate: number;
  /** An integer in [0, 2⁵³). */
  readonly seed: number;
}

export interface DotProductAttentionRequest {
  readonly op: 'dotProductAttention';
  readonly batch: number;
  readonly heads: number;
  /** Divides `heads`; query head h reads key head ⌊h / (heads / keyHeads)⌋. */
  readonly keyHeads: number;
  readonly queries: number;
  readonly keys: number;
  readonly width: number;
  readonly valueWidth: number;
  /** 0, or a normal float32 number. It belongs on the query, so that a product overflows only where the score does. */
  readonly scale: number;
  /** `cap·tanh(score / cap)` with a normal float32 number, or null for none. */
  readonly softCap: number | null;
  readonly mask: MaskParts;
  readonly bias: BiasParts;
  readonly dropout: Dropout | null;
  readonly returnWeights: boolean;
}

export interface AdditiveAttentionRequest {
  readonly op: 'additiveAttention';
  readonly batch: number;
  readonly queries: number;
  readonly keys: number;
  readonly units: number;
  readonly valueWidth: number;
  /** Dense masks have H = 1. */
  readonly mask: MaskParts;
  readonly dropout: Dropout | null;
  readonly returnWeights: boolean;
}

export const NORMALIZERS = ['softmax', 'sparsemax', 'entmax15', 'sigmoid', 'hard'] as const;
export type Normalizer = (typeof NORMALIZERS)[number];

export interface WeightedContextRequest {
  readonly op: 'weightedContext';
  readonly batch: number;
  readonly heads: number;
  readonly queries: number;
  readonly keys: number;
  readonly valueWidth: number;
  readonly normalizer: Normalizer;
  readonly mask: MaskParts;
  readonly dropout: Dropout | null;
}

/**
 * Forward and backward of each op. Inputs are float32 (masks bool), canonical, checked, and without empty axes; they are
 * borrowed. Outputs are new. A fully masked row (also one whose scores are all −∞) has context 0, weights 0, logSumExp −∞
 * and sends no gradient. What a masked key or value holds, NaN included, reaches nothing. A row that attends to a score of
 * NaN or +∞ is NaN wherever it attends, but for the normalisers 'sigmoid', whose positions don't know of each other, and
 * 'hard', for which +∞ is the highest.
 */
export interface AttentionKernels {
  dotProductAttention(inputs: DotProductInputs, request: DotProductAttentionRequest): AttentionOutputs;
  dotProductAttentionGrad(
    inputs: DotProductInputs & AttentionCotangents,
    request: DotProductAttentionRequest,
  ): DotProductGradients;
  additiveAttention(inputs: AdditiveInputs, request: AdditiveAttentionRequest): AttentionOutputs;
  additiveAttentionGrad(
    inputs: AdditiveInputs & AttentionCotangents,
    request: AdditiveAttentionRequest,
  ): AdditiveGradients;
  weightedContext(inputs: WeightedInputs, request: WeightedContextRequest): WeightedOutputs;
  weightedContextGrad(inputs: WeightedInputs & WeightedCotangents, request: WeightedContextRequest): WeightedGradients;
}

export interface DotProductInputs {
  /** [B, Hq, Tq, D] */
  readonly query: TensorInfo;
  /** [B, Hk, Tk, D] */
  readonly key: TensorInfo;
  /** [B, Hk, Tk, Dv] */
  readonly value: TensorInfo;
  /** bool, shape `request.mask.dense` */
  readonly mask?: TensorInfo;
  /** float32, shape `request.bias.dense` */
  readonly bias?: TensorInfo;
  /** float32, [`request.bias.relative.heads`, 2R + 1] */
  readonly table?: TensorInfo;
}

export interface AdditiveInputs {
  /** [B, Tq, U] */
  readonly query: TensorInfo;
  /** [B, Tk, U] */
  readonly key: TensorInfo;
  /** [U] */
  readonly vector: TensorInfo;
  /** [B, Tk, Dv] */
  readonly value: TensorInfo;
  /** bool, shape `request.mask.dense` */
  readonly mask?: TensorInfo;
}

/** For dot-product with an H axis: context [B, Hq, Tq, Dv], logSumExp [B, Hq, Tq], weights [B, Hq, Tq, Tk]; for additive without. */
export interface AttentionOutputs {
  readonly context: TensorInfo;
  /** log Σ exp of the scores after scale, cap, bias and mask. */
  readonly logSumExp: TensorInfo;
  /**
   * What float32 lost of it, in the shape of logSumExp: log Σ exp = logSumExp + remainder. With m the row's highest score and
   * l = log Σ exp(score − m) it is l − (logSumExp − m); 0 for a fully masked row. No caller sees it. The backward pass needs
   * it for weights that sum to 1 where scores are so large that m + l is m.
   */
  readonly remainder: TensorInfo;
  /** Before dropout; present exactly when `request.returnWeights`. */
  readonly weights?: TensorInfo;
}

/** What the forward pass saved, and the gradient of the loss in each of its outputs. */
export interface AttentionCotangents {
  readonly context: TensorInfo;
  readonly logSumExp: TensorInfo;
  readonly remainder: TensorInfo;
  readonly dContext: TensorInfo;
  readonly dLogSumExp: TensorInfo;
  /** Present exactly when `request.returnWeights`. */
  readonly dWeights?: TensorInfo;
}

/** Each shaped as its input; `dBias` and `dTable` are present exactly when their inputs are. */
export interface DotProductGradients {
  readonly dQuery: TensorInfo;
  readonly dKey: TensorInfo;
  readonly dValue: TensorInfo;
  readonly dBias?: TensorInfo;
  readonly dTable?: TensorInfo;
}

export interface AdditiveGradients {
  readonly dQuery: TensorInfo;
  readonly dKey: TensorInfo;
  readonly dVector: TensorInfo;
  readonly dValue: TensorInfo;
}

export interface WeightedInputs {
  /** [B, H, Tq, Tk] */
  readonly scores: TensorInfo;
  /** [B, H, Tk, Dv] */
  readonly value: TensorInfo;
  /** bool, shape `request.mask.dense` */
  readonly mask?: TensorInfo;
}

export interface WeightedOutputs {
  /** [B, H, Tq, Dv] */
  readonly context: TensorInfo;
  /** [B, H, Tq, Tk], before dropout. */
  readonly weights: TensorInfo;
}

export interface WeightedCotangents {
  readonly weights: TensorInfo;
  readonly dContext: TensorInfo;
  readonly dWeights: TensorInfo;
}

export interface WeightedGradients {
  readonly dScores: TensorInfo;
  readonly dValue: TensorInfo;
}
