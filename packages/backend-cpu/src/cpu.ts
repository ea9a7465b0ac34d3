import {
  checkOptions,
  type AdditiveInputs,
  type AttentionBackend,
  type AttentionCotangents,
  type AttentionKernels,
  type AttentionOutputs,
  type BackendFactory,
  type Capabilities,
  type DotProductInputs,
  type OpRequest,
} from '@heed/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { additiveBackward } from './additive-backward.js';
import { additiveForward } from './additive-forward.js';
import type { AttentionArrays } from './context-rows.js';
import { dotProductBackward } from './dot-product-backward.js';
import { dotProductForward } from './dot-product-forward.js';
import { ENGINE, openEngine, type CpuEngine } from './engine.js';
import { matMulKernels } from './mat-mul-kernels.js';
import { weightedBackward } from './weighted-backward.js';
import { weightedForward } from './weighted-forward.js';
import { Workspace } from './workspace.js';

/** None yet: what is given is refused. */
export type CpuOptions = Readonly<Record<never, never>>;

/**
 * The cpu backend: fused attention kernels in plain TypeScript on TensorFlow.js's `cpu` engine, and fast matrix products
 * in place of the engine's own. It runs wherever JavaScript does.
 *
 * @example
 * const backend = await selectBackend(cpu());
 */
export function cpu(options: CpuOptions = {}): BackendFactory {
  checkOptions('cpu', options, {});
  return {
    name: 'cpu',
    async unavailableReasons() {
      try {
        await openEngine();
        return [];
      } catch (error) {
        return [error instanceof Error ? error.message : String(error)];
      }
    },
    create: async () => createBackend(await openEngine()),
  };
}

function createBackend(engine: CpuEngine): AttentionBackend {
  const workspace = new Workspace();
  const engineKernels = matMulKernels(engine, workspace);
  const capabilities: Capabilities = {
    fused: ['dotProductAttention', 'additiveAttention', 'weightedContext'],
    skips: ['band', 'lengths', 'segments'],
    simd: 'none',
    threads: 1,
    floatBits: 32,
    accumulatorBits: 64,
    deterministic: true,
    replaces: engineKernels.map(({ kernelName }) => kernelName),
    notes: ['JavaScript has no SIMD and one thread; sums are float64'],
  };
  return {
    specVersion: 1,
    name: 'cpu',
    engine: ENGINE,
    capabilities,
    unsupportedReasons: ({ op }: OpRequest) =>
      capabilities.fused.includes(op) ? [] : [`op '${op}' is newer than this backend`],
    kernels: attentionKernels(engine, workspace),
    engineKernels,
    dispose: () => {
      workspace.clear();
      return Promise.resolve();
    },
  };
}

/** Kernels over tensors, from those over arrays. */
function attentionKernels(engine: CpuEngine, workspace: Workspace): AttentionKernels {
  const floats = (tensor: TensorInfo): Float32Array => engine.floats(tensor);
  const optional = (tensor: TensorInfo | undefined): Float32Array | undefined => tensor && engine.floats(tensor);
  const maskOf = ({ mask }: { mask?: TensorInfo }): Uint8Array | undefined => mask && engine.bools(mask);

  const dotProductArrays = (inputs: DotProductInputs) => ({
    query: floats(inputs.query),
    key: floats(inputs.key),
    value: floats(inputs.value),
    mask: maskOf(inputs),
    bias: optional(inputs.bias),
    table: optional(inputs.table),
  });
  const additiveArrays = (inputs: AdditiveInputs) => ({
    query: floats(inputs.query),
    key: floats(inputs.key),
    vector: floats(inputs.vector),
    value: floats(inputs.value),
    mask: maskOf(inputs),
  });
  const cotangentArrays = (inputs: AttentionCotangents) => ({
    context: floats(inputs.context),
    logSumExp: floats(inputs.logSumExp),
    remainder: floats(inputs.remainder),
    dContext: floats(inputs.dContext),
    dLogSumExp: floats(inputs.dLogSumExp),
    dWeights: optional(inputs.dWeights),
  });
  const outputs = (
    { context, logSumExp, remainder, weights }: AttentionArrays,
    rows: number[],
    { keys, valueWidth }: { keys: number; valueWidth: number },
  ): AttentionOutputs => ({
    context: engine.output([...rows, valueWidth], context),
    logSumExp: engine.output(rows, logSumExp),
    remainder: engine.output(rows, remainder),
    weights: weights && engine.output([...rows, keys], weights),
  });

  return {
    dotProductAttention(inputs, request) {
      const { batch, heads, queries } = request;
      const arrays = dotProductForward(dotProductArrays(inputs), request, workspace);
      return outputs(arrays, [batch, heads, queries], request);
    },
    dotProductAttentionGrad(inputs, request) {
      const arrays = { ...dotProductArrays(inputs), ...cotangentArrays(inputs) };
      const { dQuery, dKey, dValue, dBias, dTable } = dotProductBackward(arrays, request, workspace);
      return {
        dQuery: engine.output(inputs.query.shape, dQuery),
        dKey: engine.output(inputs.key.shape, dKey),
        dValue: engine.output(inputs.value.shape, dValue),
        dBias: dBias && engine.output(inputs.bias!.shape, dBias),
        dTable: dTable && engine.output(inputs.table!.shape, dTable),
      };
    },
    additiveAttention(inputs, request) {
      const arrays = additiveForward(additiveArrays(inputs), request, workspace);
      return outputs(arrays, [request.batch, request.queries], request);
    },
    additiveAttentionGrad(inputs, request) {
      const arrays = { ...additiveArrays(inputs), ...cotangentArrays(inputs) };
      const { dQuery, dKey, dVector, dValue } = additiveBackward(arrays, request, workspace);
      return {
        dQuery: engine.output(inputs.query.shape, dQuery),
        dKey: engine.output(inputs.key.shape, dKey),
        dVector: engine.output(inputs.vector.shape, dVector),
        dValue: engine.output(inputs.value.shape, dValue),
      };
    },
    weightedContext(inputs, request) {
      const { batch, heads, queries, keys, valueWidth } = request;
      const arrays = { scores: floats(inputs.scores), value: floats(inputs.value), mask: maskOf(inputs) };
      const { context, weights } = weightedForward(arrays, request, workspace);
      return {
        context: engine.output([batch, heads, queries, valueWidth], context),
        weights: engine.output([batch, heads, queries, keys], weights),
      };
    },
    weightedContextGrad(inputs, request) {
      const arrays = {
        scores: floats(inputs.scores),
        value: floats(inputs.value),
        mask: maskOf(inputs),
        dContext: floats(inputs.dContext),
        dWeights: floats(inputs.dWeights),
      };
      const { dScores, dValue } = weightedBackward(arrays, request, workspace);
      return {
        dScores: engine.output(inputs.scores.shape, dScores),
        dValue: engine.output(inputs.value.shape, dValue),
      };
    },
  };
}
