/// <reference lib="dom" />
import type { AttentionKernels, DotProductAttentionRequest } from '@heed/core';
import type { WebgpuEngine } from '../engine.js';
import { Scope } from '../scope.js';
import { biasGradient, tableGradient } from './bias-gradients.js';
import { forward } from './forward.js';
import { keyGradients } from './key-gradients.js';
import { queryGradients } from './query-gradients.js';
import { rowMeans } from './row-means.js';
import { dotScores } from './scores.js';
import { weights } from './weights.js';

/** The passes that dot-product attention is made of. */
export function dotProductKernels(engine: WebgpuEngine): NonNullable<AttentionKernels['dotProductAttention']> {
  return {
    forward: (inputs, request) =>
      Scope.run(engine, (scope) => {
        const scores = dotScores(scope, inputs, request);
        const rows = forward(scope, scores);
        return { ...rows, ...(request.returnWeights && { weights: weights(scope, scores, rows) }) };
      }),

    backward: (inputs, request) =>
      Scope.run(engine, (scope) => {
        const scores = dotScores(scope, inputs, request);
        const rows = rowMeans(scope, scores, inputs);
        return {
          dQuery: queryGradients(scope, scores, rows, inputs),
          ...keyGradients(scope, scores, rows, inputs),
          ...(inputs.bias && { dBias: biasGradient(scope, scores, rows, inputs) }),
          ...(inputs.table && { dTable: tableGradient(scope, scores, rows, inputs) }),
        };
      }),
  };
}

/** Query, key, value, the context's gradient, what is known of rows, numbers of masks and biases; and gradients in keys and values. */
const BUFFERS = 8;

/** Why a device can't bind what the backward pass of a request reads. */
export function tooManyBuffers({ limits }: GPUDevice, request: DotProductAttentionRequest): string[] {
  const { mask, bias, returnWeights } = request;
  const dense = [mask.dense, bias.dense, bias.relative, returnWeights || undefined].filter(
    (part) => part !== undefined,
  );
  const [wanted, most] = [BUFFERS + dense.length, limits.maxStorageBuffersPerShaderStage];
  return wanted <= most ? [] : [`webgpu binds ${wanted} buffers for it, of which this device takes ${most}`];
}
