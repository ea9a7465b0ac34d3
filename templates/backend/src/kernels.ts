import type { AttentionKernels } from '@heed/core';

/**
 * Kernels of this backend: forward and backward of each op that it has, which you may add in any order. An op that isn't here
 * runs composed of the engine's own ops. Inputs are canonical and checked, outputs are new tensors of the engine. Shapes, and the
 * parts of masks and biases, are described at `AttentionKernels` in @heed/core.
 *
 * Below, m is true where every part of the mask allows it and no bias is −∞; z is the dropout factor,
 * `dropoutFactor(request.dropout)` of @heed/core. All sums are over the positions where m is true: masked numbers are never read.
 *
 * **weightedContext** forward: p = normaliser(scores) where m is true; context = (p∘z) v. Backward, with dp = (dContext vᵀ)∘z +
 * dWeights: dScores = Jacobian of the normaliser at p, times dp, for softmax p∘(dp − Σⱼ p∘dp); dValue = (p∘z)ᵀ dContext.
 *
 * **dotProductAttention** forward: s = cap((scale · q) kᵀ) + bias; logSumExp = log Σⱼ exp s; weights p = exp(s − logSumExp);
 * context = (p∘z) v. With h the row's highest score and l = log Σⱼ exp(s − h), remainder = l − (logSumExp − h): the part of
 * logSumExp that rounding lost. Rows without any m: context 0, weights 0, logSumExp −∞, remainder 0. Backward, from the saved tensors:
 * p = exp((s − logSumExp) − remainder) again; dp as above; ds = p∘(dp − Σⱼ p∘dp + dLogSumExp). Through the cap, with
 * x = scale · q kᵀ: dx = ds·(1 − tanh²(x / cap)). Then dQuery = scale · dx k and dKey = scale · dxᵀ q, summed over the heads of a
 * group; dValue = (p∘z)ᵀ dContext, likewise; dBias = ds, summed along its axes of length 1; dTable = ds, summed by distance.
 *
 * **additiveAttention** is the same with s = Σᵤ vector[u]·tanh(q[u] + k[u]): never hold a [Tq, Tk, U] tensor. Backward, with
 * t = tanh(q + k): dVector = Σ ds·t; dQuery = Σⱼ ds·vector∘(1 − t²); dKey = Σᵢ of the same.
 */
export const kernels: AttentionKernels = {};
