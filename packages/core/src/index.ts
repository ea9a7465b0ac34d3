export { checkAlignment, resolveOffsets, type Alignment } from './alignment.js';
export type { Axes } from './axes.js';
export * from './backend.js';
export { alibi, alibiSlopes, relativePosition, sumOf, type AlibiOptions, type Bias } from './bias.js';
export { composed, type ComposedOptions } from './composed-backend.js';
export { ERROR_CODES, HeedError, type ErrorCode, type HeedErrorOptions } from './errors.js';
export { explain, type Call, type Explanation } from './explain.js';
export {
  both,
  causal,
  dense,
  padding,
  segments,
  slidingWindow,
  type DenseOptions,
  type Mask,
  type WindowOptions,
} from './mask.js';
export { materialize, type ScoreShape } from './mask-parts.js';
export { checkFlag, checkOptions, nearestName, show, suggestion, type OptionNames } from './options.js';
export { MODEL_KERNELS, type AdamAttributes, type RowAttributes, type TargetAttributes } from './model-kernels.js';
export {
  additiveAttention,
  type AdditiveAttentionOptions,
  type AdditiveAttentionResult,
} from './ops/additive-attention.js';
export {
  dotProductAttention,
  type DotProductAttentionOptions,
  type DotProductAttentionResult,
} from './ops/dot-product-attention.js';
export { checkCausal, type AttentionOptions, type CausalOption, type OnRequest } from './ops/options.js';
export { weightedContext, type WeightedContextOptions, type WeightedContextResult } from './ops/weighted-context.js';
export { dropoutFactor } from './philox.js';
export { philox4x32 } from '@heed/base';
export { selectBackend } from './select-backend.js';
export { activeBackend } from './selections.js';
