import { HeedError, type AttentionKernels } from '@heed/core';

/**
 * Forward and backward of each op. Inputs are canonical and checked, outputs are new tensors of the engine; shapes and the
 * parts of masks and biases are described at `AttentionKernels` in @heed/core. In what follows, m is true where every part
 * of the mask allows it and no bias is −∞; z is the dropout factor, `dropoutFactor(request.dropout)` of @heed/core; and
 * all sums run over what m allows, so that what is masked is never read.
 */
export const kernels: AttentionKernels = {
  /**
   * s = cap((scale · q) kᵀ) + bias; logSumExp = log Σⱼ exp s; weights p = exp(s − logSumExp); context = (p∘z) v. With h the
   * row's highest score and l = log Σⱼ exp(s − h), remainder = l − (logSumExp − h): what rounding took from logSumExp.
   * Rows without any m: context 0, weights 0, logSumExp −∞, remainder 0.
   */
  dotProductAttention: notWritten,

  /**
   * From what was saved, p = exp((s − logSumExp) − remainder) again; dp = (dContext vᵀ)∘z + dWeights; ds = p∘(dp − Σⱼ p∘dp + dLogSumExp). Through the
   * cap, with x = scale · q kᵀ: dx = ds·(1 − tanh²(x / cap)). Then dQuery = scale · dx k and dKey = scale · dxᵀ q, summed
   * over the heads of a group; dValue = (p∘z)ᵀ dContext, likewise; dBias = ds, summed along its axes of length 1; dTable
   * = ds, summed by distance.
   */
  dotProductAttentionGrad: notWritten,

  /** The same with s = Σᵤ vector[u]·tanh(q[u] + k[u]): never hold a [Tq, Tk, U] tensor. */
  additiveAttention: notWritten,

  /** With t = tanh(q + k): dVector = Σ ds·t; dQuery = Σⱼ ds·vector∘(1 − t²); dKey = Σᵢ of the same. */
  additiveAttentionGrad: notWritten,

  /** p = normaliser(scores) over what m allows; context = (p∘z) v. Normalisers may be declined one by one. */
  weightedContext: notWritten,

  /** dp as above; dScores = Jacobian of the normaliser at p, times dp; for softmax p∘(dp − Σⱼ p∘dp). */
  weightedContextGrad: notWritten,
};

/** Core asks `unsupportedReasons` before it calls a kernel, so only a mistake in there leads here. */
function notWritten(): never {
  throw new HeedError('BACKEND_INVALID', {
    message: 'backend your-backend was asked for a kernel that it declines',
    hint: 'write the kernel, or give a reason in unsupportedReasons()',
  });
}
