import { composedAdam } from './adam/composed.js';
import { composedAddBias } from './add-bias/composed.js';
import { composedAddResidual } from './add-residual/composed.js';
import { composedConv2d } from './conv2d/composed.js';
import { composedCopyCrossEntropy } from './copy-cross-entropy/composed.js';
import { composedCoverageLoss } from './coverage-loss/composed.js';
import { composedCrossEntropy } from './cross-entropy/composed.js';
import { composedDropout } from './dropout/composed.js';
import { composedFirstColumns } from './first-columns/composed.js';
import { composedGeluLayer } from './gelu-layer/composed.js';
import { composedGelu } from './gelu/composed.js';
import { composedGruReset } from './gru-reset/composed.js';
import { composedGruUpdate } from './gru-update/composed.js';
import { composedLayerNorm } from './layer-norm/composed.js';
import { composedLookup } from './lookup/composed.js';
import { composedLookupSums } from './lookup-sums/composed.js';
import { composedLstmGates } from './lstm-gates/composed.js';
import { composedMaxoutLayer } from './maxout-layer/composed.js';
import { composedRectifiedLayer } from './rectified-layer/composed.js';
import { composedRotaryEmbedding } from './rotary-embedding/composed.js';
import { composedSquareSum } from './square-sum/composed.js';
import { composedSquaredRelu } from './squared-relu/composed.js';
import { composedSwish } from './swish/composed.js';
import { composedTanhLayer } from './tanh-layer/composed.js';
import { composedTensorScatter } from './tensor-scatter/composed.js';
import { composedToPositions } from './to-positions/composed.js';
import { composedToSteps } from './to-steps/composed.js';
import type { ComposedModelOp } from './define.js';
import type { MODEL_OPS, ModelOpName } from './table.js';

/** The composed form of every model op, by name: for tests, and for kernels that are right but for one thing. */
export const COMPOSED_FORMS: { readonly [Name in ModelOpName]: ComposedModelOp<(typeof MODEL_OPS)[Name]> } = {
  lstmGates: composedLstmGates,
  gruReset: composedGruReset,
  gruUpdate: composedGruUpdate,
  lookup: composedLookup,
  lookupSums: composedLookupSums,
  addBias: composedAddBias,
  addResidual: composedAddResidual,
  tanhLayer: composedTanhLayer,
  rectifiedLayer: composedRectifiedLayer,
  maxoutLayer: composedMaxoutLayer,
  squaredRelu: composedSquaredRelu,
  gelu: composedGelu,
  geluLayer: composedGeluLayer,
  swish: composedSwish,
  dropout: composedDropout,
  layerNorm: composedLayerNorm,
  firstColumns: composedFirstColumns,
  toPositions: composedToPositions,
  toSteps: composedToSteps,
  crossEntropy: composedCrossEntropy,
  copyCrossEntropy: composedCopyCrossEntropy,
  coverageLoss: composedCoverageLoss,
  adam: composedAdam,
  squareSum: composedSquareSum,
  tensorScatter: composedTensorScatter,
  rotaryEmbedding: composedRotaryEmbedding,
  conv2d: composedConv2d,
};
