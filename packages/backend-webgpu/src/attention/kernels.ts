/// <reference lib="dom" />
import type { AdditiveAttentionRequest, AttentionKernels, AttentionOutputs, OpRequest } from '@heed/core';
import type { WebgpuEngine } from '../engine.js';
import { Scope } from '../scope.js';
import { weightedKernels } from '../weighted/kernels.js';
import { additive } from './additive.js';
import { biasGradient, tableGradient } from './bias-gradients.js';
import { columnSums } from './column-sums.js';
import { dotProduct } from './dot-product.js';
import { forward } from './forward.js';
import { keyGradients } from './key-gradients.js';
import { queryGradients } from './query-gradients.js';
import { rowMeans } from './row-means.js';
import { scoresOf, type Scores, type Sizes } from './scores.js';
import { weights } from './weights.js';

/** The passes that each op is made of. */
export function attentionKernels(engine: WebgpuEngine): AttentionKernels {
  const run = <T>(kernel: (scope: Scope) => T): T => Scope.run(engine, kernel);
  return {
    dotProductAttention: {
      forward: (inputs, request) =>
        run((scope) => outputsOf(scope, scoresOf(scope, inputs, request, request, dotProduct(request)), request)),
      backward: (inputs, request) =>
        run((scope) => {
          const scores = scoresOf(scope, inputs, request, request, dotProduct(request));
          const rows = rowMeans(scope, scores, inputs);
          const { dKey, dValue } = keyGradients(scope, scores, rows, inputs);
          return {
            dQuery: queryGradients(scope, scores, rows, inputs),
            dKey,
            dValue,
            ...(inputs.bias && { dBias: biasGradient(scope, scores, rows, inputs) }),
            ...(inputs.table && { dTable: tableGradient(scope, scores, rows, inputs) }),
          };
        }),
    },

    additiveAttention: {
      forward: (inputs, request) =>
        run((scope) => {
          const pairing = additive(inputs.vector, request.units);
          return outputsOf(scope, scoresOf(scope, inputs, sizesOf(request), request, pairing), request);
        }),
      backward: (inputs, request) =>
        run((scope) => {
          const { batch, keys, units } = request;
          const scores = scoresOf(scope, inputs, sizesOf(request), request, additive(inputs.vector, units));
          const rows = rowMeans(scope, scores, inputs);
          const { dKey, dValue, dCommon } = keyGradients(scope, scores, rows, inputs);
          return {
            dQuery: queryGradients(scope, scores, rows, inputs),
            dKey,
            dValue,
            dVector: columnSums(scope, dCommon!, batch * keys, units),
          };
        }),
    },

    weightedContext: weightedKernels(run),
  };
}

const sizesOf = (request: AdditiveAttentionRequest): Sizes => ({
  ...request,
  heads: 1,
  keyHeads: 1,
  width: request.units,
});

function outputsOf(scope: Scope, scores: Scores, { returnWeights }: { returnWeights: boolean }): AttentionOutputs {
  const rows = forward(scope, scores);
  return { ...rows, ...(returnWeights && { weights: weights(scope, scores, rows) }) };
}

/**
 * Buffers of the pass that binds most of them, without dense parts. Of dot-product attention it reads query, key, value, the context's gradient, what
 * is known of rows, and numbers of masks and biases, and writes gradients in keys and values; additive attention has the vector too, and what its
 * gradient is the sum of. Gradients in scores are made of scores, numbers of masks, and two gradients in weights.
 */
const BUFFERS: { readonly [Name in OpRequest['op']]: number } = {
  dotProductAttention: 8,
  additiveAttention: 10,
  weightedContext: 5,
  linearAttention: 8,
};

/** Why a device can't bind what the backward pass of a request reads and writes. */
export function tooManyBuffers({ limits }: GPUDevice, request: OpRequest): string[] {
  const { mask = {}, bias = {}, returnWeights = false } = request as Partial<OpRequest & { bias: object }> & Parts;
  const dense = [mask.dense, bias.dense, bias.relative, returnWeights || undefined].filter(
    (part) => part !== undefined,
  );
  const [wanted, most] = [BUFFERS[request.op] + dense.length, limits.maxStorageBuffersPerShaderStage];
  return wanted <= most ? [] : [`webgpu binds ${wanted} buffers for it, of which this device takes ${most}`];
}

interface Parts {
  readonly mask?: { readonly dense?: unknown };
  readonly bias?: { readonly dense?: unknown; readonly relative?: unknown };
  readonly returnWeights?: boolean;
}
