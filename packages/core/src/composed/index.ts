import { additiveBackward, additiveForward } from './additive.js';
import { dotProductBackward, dotProductForward } from './dot-product.js';
import { weightedBackward, weightedForward } from './weighted.js';

/** The ops for engines without fused kernels, in the shape of `AttentionKernels` but over tensors. */
export const composedKernels = {
  dotProductAttention: dotProductForward,
  dotProductAttentionGrad: dotProductBackward,
  additiveAttention: additiveForward,
  additiveAttentionGrad: additiveBackward,
  weightedContext: weightedForward,
  weightedContextGrad: weightedBackward,
};
