import {
  HeedError,
  type AdditiveAttentionRequest,
  type AttentionCotangents,
  type AttentionKernels,
  type AttentionOutputs,
  type DotProductAttentionRequest,
} from '@heed/core';
import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { WasmEngine } from './engine.js';
import type { Kernels } from './kernels.js';
import { withOutputs, type MakeOutput } from './outputs.js';
import { additiveFields, dotProductFields, withProblem, type Problem } from './problem.js';

/** Kernels over tensors, from those over addresses. */
export function attentionKernels(engine: WasmEngine, kernels: Kernels): AttentionKernels {
  const address = (tensor: TensorInfo | undefined): number => (tensor === undefined ? 0 : engine.address(tensor));

  const run = (pass: 'forward' | 'backward', problem: Problem): void =>
    withProblem(engine, problem, (at) => {
      const bytes = pass === 'forward' ? kernels.forwardScratch(at, 0) : kernels.backwardScratch(at, 0);
      engine.withScratch(bytes, (scratch) => kernels[pass](at, scratch));
    });

  const addresses = (tensors: object): Problem =>
    Object.fromEntries(
      Object.entries(tensors as Record<string, TensorInfo | undefined>).map(([name, tensor]) => [
        name,
        address(tensor),
      ]),
    );

  const outputs = (
    make: MakeOutput,
    request: DotProductAttentionRequest | AdditiveAttentionRequest,
    axes: readonly number[],
  ): AttentionOutputs => ({
    context: make([...axes, request.valueWidth]),
    logSumExp: make(axes),
    weights: request.returnWeights ? make([...axes, request.keys]) : undefined,
  });

  return {
    dotProductAttention: (inputs, request) =>
      withOutputs(engine, (make) => {
        const results = outputs(make, request, [request.batch, request.heads, request.queries]);
        run('forward', { ...dotProductFields(request), ...addresses(inputs), ...addresses(results) });
        return results;
      }),

    dotProductAttentionGrad: (inputs, request) =>
      withOutputs(engine, (make) => {
        const { query, key, value, bias, table } = inputs;
        const gradients = {
          dQuery: make(query.shape),
          dKey: make(key.shape),
          dValue: make(value.shape),
          ...(bias && { dBias: make(bias.shape) }),
        };
        if (gradients.dBias !== undefined) floatsOf(engine, gradients.dBias).fill(0); // the kernel adds to it
        const tableSums = table && new Float64Array(util.sizeFromShape(table.shape));
        run('backward', {
          ...dotProductFields(request),
          ...addresses(withoutWeights(inputs)),
          ...addresses(gradients),
          dTable: tableSums,
        });
        return { ...gradients, ...(tableSums && { dTable: sumsAs(engine, make(table.shape), tableSums) }) };
      }),

    additiveAttention: (inputs, request) =>
      withOutputs(engine, (make) => {
        const results = outputs(make, request, [request.batch, request.queries]);
        run('forward', { ...additiveFields(request), ...addresses(inputs), ...addresses(results) });
        return results;
      }),

    additiveAttentionGrad: (inputs, request) =>
      withOutputs(engine, (make) => {
        const { query, key, value, vector } = inputs;
        const gradients = { dQuery: make(query.shape), dKey: make(key.shape), dValue: make(value.shape) };
        const vectorSums = new Float64Array(Math.ceil(request.units / LANES) * LANES);
        run('backward', {
          ...additiveFields(request),
          ...addresses(withoutWeights(inputs)),
          ...addresses(gradients),
          dVector: vectorSums,
        });
        return { ...gradients, dVector: sumsAs(engine, make(vector.shape), vectorSums.subarray(0, request.units)) };
      }),

    weightedContext: declined,
    weightedContextGrad: declined,
  };
}

const LANES = 4;

/** The backward pass has no use for the weights, and `weights` in a problem asks for them. */
function withoutWeights<T extends AttentionCotangents>(inputs: T): T {
  return { ...inputs, weights: undefined };
}

function sumsAs(engine: WasmEngine, tensor: TensorInfo, sums: Float64Array): TensorInfo {
  floatsOf(engine, tensor).set(sums);
  return tensor;
}

/** A view that holds until the heap grows next. */
function floatsOf(engine: WasmEngine, tensor: TensorInfo): Float32Array {
  return new Float32Array(engine.memory.buffer, engine.address(tensor), util.sizeFromShape(tensor.shape));
}

/** Core asks `unsupportedReasons` first, so only a direct call comes here. */
function declined(): never {
  throw new HeedError('BACKEND_UNAVAILABLE', {
    message: 'backend-wasm has no fused weightedContext',
    hint: 'call weightedContext of @heed/core, which runs it composed',
  });
}
