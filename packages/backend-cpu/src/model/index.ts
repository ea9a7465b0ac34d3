import type { EngineKernel } from '@heed/core';
import { modelKernels } from '@heed/core/model-ops';
import type { CpuEngine } from '../engine.js';
import type { Workspace } from '../workspace.js';
import { gelu, geluLayer, swish } from './activations.js';
import { adam, squareSum } from './adam.js';
import { conv2d } from './conv2d.js';
import { firstColumns, toPositions, toSteps } from './copies.js';
import { dropout } from './dropout.js';
import { gruReset } from './gru-reset.js';
import { gruUpdate } from './gru-update.js';
import { layerNorm } from './layer-norm.js';
import { addBias, addResidual, maxoutLayer, rectifiedLayer, squaredRelu, tanhLayer } from './layers.js';
import { lookup, lookupSums } from './lookups.js';
import { copyCrossEntropy, coverageLoss, crossEntropy } from './losses.js';
import { lstmGates } from './lstm-gates.js';
import { rotaryEmbedding } from './rotary-embedding.js';
import { tensorScatter } from './tensor-scatter.js';

/**
 * Core's model ops as one loop each. Composed of the engine's ops, a step of a recurrent cell takes 10 to 20 times as long:
 * slices of columns and broadcasting walk through index arithmetic for every element.
 */
export const cpuModelKernels = (engine: CpuEngine, workspace: Workspace): EngineKernel[] =>
  modelKernels({
    lstmGates: lstmGates(engine),
    gruReset: gruReset(engine),
    gruUpdate: gruUpdate(engine),
    lookup: lookup(engine),
    lookupSums: lookupSums(engine),
    addBias: addBias(engine),
    addResidual: addResidual(engine),
    tanhLayer: tanhLayer(engine),
    rectifiedLayer: rectifiedLayer(engine),
    maxoutLayer: maxoutLayer(engine),
    squaredRelu: squaredRelu(engine),
    gelu: gelu(engine),
    geluLayer: geluLayer(engine),
    swish: swish(engine),
    dropout: dropout(engine),
    layerNorm: layerNorm(engine),
    firstColumns: firstColumns(engine),
    toPositions: toPositions(engine),
    toSteps: toSteps(engine),
    crossEntropy: crossEntropy(engine),
    copyCrossEntropy: copyCrossEntropy(engine),
    coverageLoss: coverageLoss(engine),
    adam: adam(engine),
    squareSum: squareSum(engine),
    tensorScatter: tensorScatter(engine),
    rotaryEmbedding: rotaryEmbedding(engine),
    conv2d: conv2d(engine, workspace),
  });
