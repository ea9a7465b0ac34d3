/// <reference lib="dom" />
import type { HookParts, LinearAttentionRequest, OpRequest } from '@heed/core';
import { readsCaptures } from './hooks/score-hooks.js';
import type { Pass } from './pass.js';
import type { Scope } from './scope.js';
import { stateNumbers } from './linear/sizes.js';

/** Why kernels that take a request can't run it on a device. */
export const unsupportedReasons = ({ limits }: GPUDevice, request: OpRequest): string[] => [
  ...tooManyBuffers(limits, request),
  ...(request.op === 'linearAttention' ? unfitStates(limits, request) : []),
];

/**
 * Buffers of the pass that binds most of them, without dense parts. Of dot-product attention it reads query, key, value, the context's gradient, what
 * is known of rows, and numbers of masks and biases, and writes a gradient; additive attention has the vector too. Gradients in scores are made of
 * scores, numbers of masks, and two gradients in weights.
 */
const BUFFERS: { readonly [Name in OpRequest['op']]: number } = {
  dotProductAttention: 7,
  additiveAttention: 8,
  weightedContext: 5,
  linearAttention: 8,
};

/** Why a device can't bind what the backward pass of a request reads and writes. */
function tooManyBuffers(limits: GPUSupportedLimits, request: OpRequest): string[] {
  const {
    mask = {},
    bias = {},
    returnWeights = false,
    ...hooks
  } = request as Partial<OpRequest & { bias: object }> & Parts;
  const dense = [
    mask.dense,
    bias.dense,
    bias.relative,
    returnWeights || undefined,
    readsCaptures(hooks) || undefined,
  ].filter((part) => part !== undefined);
  const [wanted, most] = [BUFFERS[request.op] + dense.length, limits.maxStorageBuffersPerShaderStage];
  return wanted <= most ? [] : [`webgpu binds ${wanted} buffers for it, of which this device takes ${most}`];
}

/** How many buffers a pass may write that reads these. */
export const buffersLeft = ({ engine }: Scope, inputs: Pass['inputs']): number =>
  engine.device.limits.maxStorageBuffersPerShaderStage - Object.keys(inputs).length;

interface Parts extends Partial<HookParts> {
  readonly mask?: { readonly dense?: unknown };
  readonly bias?: { readonly dense?: unknown; readonly relative?: unknown };
  readonly returnWeights?: boolean;
}

/** Why states of linear attention can't be held in one buffer. */
function unfitStates(limits: GPUSupportedLimits, request: LinearAttentionRequest): string[] {
  const { queries, keys, width, valueWidth } = request;
  if (Math.min(queries, keys, width, valueWidth) === 0) return ['webgpu has no buffers without numbers'];
  const [bytes, most] = [4 * stateNumbers(request), limits.maxStorageBufferBindingSize];
  return bytes <= most ? [] : [`webgpu holds ${bytes} bytes of states for it, of which this device binds ${most}`];
}
