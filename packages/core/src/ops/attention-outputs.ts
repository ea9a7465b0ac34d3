import type { TensorInfo } from '@tensorflow/tfjs-core';

/**
 * Outputs of an op whose weights are a softmax: context [B, Hq, Tq, Dv], logSumExp [B, Hq, Tq], weights [B, Hq, Tq, Tk];
 * without H where the op has no heads.
 */
export type AttentionOutputs = {
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
};

/** What the forward pass saved, and the gradient of the loss in each of its outputs. */
export type AttentionCotangents = {
  readonly context: TensorInfo;
  readonly logSumExp: TensorInfo;
  readonly remainder: TensorInfo;
  readonly dContext: TensorInfo;
  readonly dLogSumExp: TensorInfo;
  /** Present exactly when `request.returnWeights`. */
  readonly dWeights?: TensorInfo;
};

/** Sizes of such an op, and whether its weights are asked for. */
interface Sizes {
  readonly keys: number;
  readonly valueWidth: number;
  readonly returnWeights: boolean;
}

/** The outputs' entries in an op's definition, given the axes of its rows: [B, Hq, Tq] or [B, Tq]. */
export const attentionOutputs = <Request extends Sizes>(rows: (request: Request) => readonly number[]) =>
  ({
    context: { shape: (request: Request) => [...rows(request), request.valueWidth], saved: true },
    logSumExp: { shape: rows, saved: true, empty: -Infinity },
    remainder: { shape: rows, saved: true, hidden: true },
    weights: {
      shape: (request: Request) => [...rows(request), request.keys],
      isAsked: ({ returnWeights }: Request) => returnWeights,
    },
  }) as const;
