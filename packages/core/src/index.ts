export { checkAlignment, resolveOffsets, type Alignment } from './alignment.js';
export type { Axes } from './axes.js';
export type { AttentionBackend, BackendFactory, Capabilities, EngineKernel, SelectedBackend } from './backend.js';
export { biasTensor } from './bias-parts.js';
export { alibi, alibiSlopes, relativePosition, sumOf, type AlibiOptions, type Bias } from './bias.js';
export { declarationOf, describeTakes, type Declaration, type FullDeclaration } from './declaration.js';
export { composed, type ComposedOptions } from './composed-backend.js';
export { ERROR_CODES, HeedError, type ErrorCode, type HeedErrorOptions } from '@heed/base';
export { explain, type Explanation } from './explain.js';
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
export { checkFlag, checkOptions, nearestName, show, suggestion, type OptionNames } from '@heed/base';
export { runOp, type Invocation } from './dispatch.js';
export { defineNormalizer, type NormalizerDefinition } from './normalizers/define.js';
export { NORMALIZERS, NORMALIZER_DEFINITIONS, type Normalizer } from './normalizers/index.js';
export {
  additiveAttention,
  type AdditiveAttentionOptions,
  type AdditiveAttentionResult,
} from './ops/additive-attention/call.js';
export type { AdditiveAttentionRequest, AdditiveGradients, AdditiveInputs } from './ops/additive-attention/spec.js';
export type { AttentionCotangents, AttentionOutputs } from './ops/attention-outputs.js';
export type { Call } from './ops/calls.js';
export {
  defineOp,
  gradientName,
  type ComposedForm,
  type FieldRole,
  type InputSpec,
  type Op,
  type OpKernels,
  type OpSpec,
  type OpTypes,
  type OutputSpec,
  type Tensors,
} from './ops/define.js';
export {
  dotProductAttention,
  type DotProductAttentionOptions,
  type DotProductAttentionResult,
} from './ops/dot-product-attention/call.js';
export type {
  DotProductAttentionRequest,
  DotProductGradients,
  DotProductInputs,
} from './ops/dot-product-attention/spec.js';
export {
  OPS,
  OPTIONS,
  SIZES,
  type AttentionKernels,
  type OpName,
  type OpRequest,
  type Option,
  type Size,
} from './ops/table.js';
export {
  weightedContext,
  type WeightedContextOptions,
  type WeightedContextResult,
} from './ops/weighted-context/call.js';
export type {
  WeightedContextRequest,
  WeightedCotangents,
  WeightedGradients,
  WeightedInputs,
  WeightedOutputs,
} from './ops/weighted-context/spec.js';
export { pathOf, type Path } from './path.js';
export type { AnyRequest, BiasParts, Dropout, MaskParts, Shape4 } from './request.js';
export { checkCausal, type AttentionOptions, type CausalOption, type OnRequest } from './ops/options.js';
export { dropoutFactor } from './philox.js';
export { philox4x32 } from '@heed/base';
export { selectBackend } from './select-backend.js';
export { activeBackend } from './selections.js';
export { checkTensor, type TensorLike } from './tensor-like.js';
