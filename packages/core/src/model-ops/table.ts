import { byName } from '../by-name.js';
import { adamSpec } from './adam/spec.js';
import { addBiasSpec } from './add-bias/spec.js';
import { addResidualSpec } from './add-residual/spec.js';
import { conv2dSpec } from './conv2d/spec.js';
import { copyCrossEntropySpec } from './copy-cross-entropy/spec.js';
import { coverageLossSpec } from './coverage-loss/spec.js';
import { crossEntropySpec } from './cross-entropy/spec.js';
import type { ModelOpKernels } from './define.js';
import { dropoutSpec } from './dropout/spec.js';
import { firstColumnsSpec } from './first-columns/spec.js';
import { geluLayerSpec } from './gelu-layer/spec.js';
import { geluSpec } from './gelu/spec.js';
import { gruResetSpec } from './gru-reset/spec.js';
import { gruUpdateSpec } from './gru-update/spec.js';
import { layerNormSpec } from './layer-norm/spec.js';
import { lookupSpec } from './lookup/spec.js';
import { lookupSumsSpec } from './lookup-sums/spec.js';
import { lstmGatesSpec } from './lstm-gates/spec.js';
import { maxoutLayerSpec } from './maxout-layer/spec.js';
import { rectifiedLayerSpec } from './rectified-layer/spec.js';
import { rotaryEmbeddingSpec } from './rotary-embedding/spec.js';
import { squareSumSpec } from './square-sum/spec.js';
import { squaredReluSpec } from './squared-relu/spec.js';
import { swishSpec } from './swish/spec.js';
import { tanhLayerSpec } from './tanh-layer/spec.js';
import { tensorScatterSpec } from './tensor-scatter/spec.js';
import { toPositionsSpec } from './to-positions/spec.js';
import { toStepsSpec } from './to-steps/spec.js';

/** Core's model ops by name. */
export const MODEL_OPS = byName(
  lstmGatesSpec,
  gruResetSpec,
  gruUpdateSpec,
  lookupSpec,
  lookupSumsSpec,
  addBiasSpec,
  addResidualSpec,
  tanhLayerSpec,
  rectifiedLayerSpec,
  maxoutLayerSpec,
  squaredReluSpec,
  geluSpec,
  geluLayerSpec,
  swishSpec,
  dropoutSpec,
  layerNormSpec,
  firstColumnsSpec,
  toPositionsSpec,
  toStepsSpec,
  crossEntropySpec,
  copyCrossEntropySpec,
  coverageLossSpec,
  adamSpec,
  squareSumSpec,
  tensorScatterSpec,
  rotaryEmbeddingSpec,
  conv2dSpec,
);

export type ModelOpName = keyof typeof MODEL_OPS;

/**
 * Forward and backward of each model op that a backend has kernels for, any of them. Inputs are float32, of the shapes that
 * the op's definition tells, and are borrowed. Outputs are new, but for what an attribute `inPlace` allows, and all that the definition
 * names are given, hidden ones too.
 */
export type ModelKernels = { readonly [Name in ModelOpName]?: ModelOpKernels<(typeof MODEL_OPS)[Name]> };
