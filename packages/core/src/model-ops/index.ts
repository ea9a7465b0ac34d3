export type { RowAttributes } from './active-rows.js';
export { COMPOSED_FORMS } from './composed-forms.js';
export { adam, type AdamInputs, type AdamStep } from './adam/call.js';
export type { AdamAttributes } from './adam/spec.js';
export { addBias } from './add-bias/call.js';
export { addResidual } from './add-residual/call.js';
export { conv2d, type Conv2dOptions, type Conv2dPadding } from './conv2d/call.js';
export { conv2dSizes, type Conv2dSizes } from './conv2d/sizes.js';
export type { Conv2dAttributes } from './conv2d/spec.js';
export { copyCrossEntropy } from './copy-cross-entropy/call.js';
export type { Copies, Occurrence } from './copy-cross-entropy/copies.js';
export { copyLosses, type CopyArrays, type CopySlopes, type Normaliser } from './copy-cross-entropy/losses.js';
export { mixtureLogits, type CopyScores } from './copy-cross-entropy/mixture.js';
export type { CopyAttributes } from './copy-cross-entropy/spec.js';
export { coverageLoss } from './coverage-loss/call.js';
export type { CountAttributes } from './coverage-loss/spec.js';
export { crossEntropy } from './cross-entropy/call.js';
export type {
  AttributesOf,
  Axis,
  BackwardInputsOf,
  GradientsOf,
  InputsOf,
  ModelInput,
  ModelOp,
  ModelOpKernels,
  ModelOutput,
  OutputsOf,
} from './define.js';
export { dropout } from './dropout/call.js';
export { dropoutFactors, dropoutThreshold } from './dropout/factors.js';
export type { DropoutAttributes } from './dropout/spec.js';
export { eachStep } from './each-step.js';
export { firstColumns } from './first-columns/call.js';
export type { ColumnAttributes } from './first-columns/spec.js';
export { geluLayer } from './gelu-layer/call.js';
export { gelu } from './gelu/call.js';
export type { GeluApproximation, GeluAttributes } from './gelu/spec.js';
export { gruReset } from './gru-reset/call.js';
export { gruUpdate } from './gru-update/call.js';
export { modelKernels, splitKernelNames } from './kernels.js';
export { layerNorm } from './layer-norm/call.js';
export type { NormAttributes } from './layer-norm/spec.js';
export { LEAST_ATTENTION, logAddExp, logSigmoid } from './log-arithmetic.js';
export { countOf, lookup, type Ids } from './lookup/call.js';
export type { LookupAttributes } from './lookup/spec.js';
export { lookupSums } from './lookup-sums/call.js';
export type { RowSumAttributes, RowSums } from './lookup-sums/spec.js';
export { lstmGates } from './lstm-gates/call.js';
export { maxoutLayer } from './maxout-layer/call.js';
export { positionAt, type Direction } from './reading.js';
export { rectifiedLayer } from './rectified-layer/call.js';
export { rotaryEmbedding, type RotaryEmbeddingOptions, type RotaryTables } from './rotary-embedding/call.js';
export type { RotaryAttributes, RotaryLayout } from './rotary-embedding/spec.js';
export { pathOfModelOp } from './run.js';
export { hasLoops, scan, SCAN_KERNEL, type ScanAttributes, type ScanBody } from './scan.js';
export { squareSum } from './square-sum/call.js';
export { squaredRelu } from './squared-relu/call.js';
export { swish } from './swish/call.js';
export type { SwishAttributes } from './swish/spec.js';
export { MODEL_OPS, type ModelKernels, type ModelOpName } from './table.js';
export { tanhLayer } from './tanh-layer/call.js';
export type { TargetAttributes } from './targets.js';
export { canWriteInPlace, tensorScatter, tensorScatterInPlace, type ScatterOptions } from './tensor-scatter/call.js';
export { eachPiece } from './tensor-scatter/slots.js';
export type { ScatterAttributes } from './tensor-scatter/spec.js';
export { toPositions } from './to-positions/call.js';
export type { ReadingAttributes } from './to-positions/spec.js';
export { toSteps } from './to-steps/call.js';
export type { StepAttributes } from './to-steps/spec.js';
