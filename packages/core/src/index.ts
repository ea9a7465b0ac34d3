export { checkAlignment, resolveOffsets, type Alignment } from './alignment.js';
export type { Axes } from './axes.js';
export type { AttentionBackend, BackendFactory, Capabilities, EngineKernel, SelectedBackend } from './backend.js';
export { biasTensor } from './bias-parts.js';
export { alibi, alibiSlopes, relativePosition, sumOf, type AlibiOptions, type Bias } from './bias.js';
export { compileAhead } from './compile-ahead.js';
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
export { HookBounds, type Block } from './hooks/bounds.js';
export type { Interval } from './hooks/interval.js';
export { derivativeOf } from './hooks/derivative.js';
export { Evaluator, type At } from './hooks/evaluate.js';
export { HOOK_FUNCTIONS, type HookFunction } from './hooks/functions.js';
export {
  maskHook,
  scoreHook,
  weightHook,
  type Captures,
  type MaskHook,
  type Position,
  type ScoreHook,
  type SymbolicCaptures,
  type WeightHook,
} from './hooks/hook.js';
export { HOOK_AXES, dependenciesOf, findersOf, type Axis, type Found } from './hooks/cell-readers.js';
export type { HookParts } from './hooks/hook-parts.js';
export { HOOK_OPTIONS, type HookOptions } from './hooks/normalize-hooks.js';
export {
  argsOf,
  keyOf,
  neededSteps,
  type CapturePart,
  type Derivative,
  type HookPart,
  type Program,
  type Step,
  type Variable,
} from './hooks/program.js';
export type { Operand, SymbolicBoolean, SymbolicNumber, SymbolicTensor } from './hooks/symbolic.js';
export { checkFlag, checkOptions, nearestName, show, suggestion, type OptionNames } from '@heed/base';
export { advances, isRecorded, isUnlikeTheNext, onlyWhile, staysBelow, type Advancing } from './replay/current.js';
export type { Recorded, Recorder, Recording } from './replay/recorder.js';
export { canReplay, replayable, type Replayable } from './replay/replayable.js';
export { Waiting } from './replay/waiting.js';
export { runOp, type Invocation } from './dispatch.js';
export { defineNormalizer, type NormalizerDefinition } from './normalizers/define.js';
export { entmax } from './normalizers/entmax.js';
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
  linearAttention,
  type LinearAttentionOptions,
  type LinearAttentionResult,
} from './ops/linear-attention/call.js';
export type {
  LinearAttentionRequest,
  LinearCotangents,
  LinearGradients,
  LinearInputs,
  LinearOutputs,
} from './ops/linear-attention/spec.js';
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
export { activeBackend, canReadAtOnce } from './selections.js';
export { checkTensor, type TensorLike } from './tensor-like.js';
