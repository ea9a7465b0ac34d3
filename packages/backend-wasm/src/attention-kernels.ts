import type {
  AdditiveAttentionRequest,
  AttentionCotangents,
  AttentionKernels,
  AttentionOutputs,
  DotProductAttentionRequest,
} from '@heed/core';
import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { WasmEngine } from './engine.js';
import { withOutputs, type MakeOutput } from './outputs.js';
import { hookFields } from './hooks/fields.js';
import { additiveFields, dotProductFields, weightedFields, type Fields } from './request.js';
import type { RunPass } from './run.js';

/** Kernels over tensors, from those over addresses. */
export function attentionKernels(engine: WasmEngine, run: RunPass): AttentionKernels {
  const outputs = (
    make: MakeOutput,
    request: DotProductAttentionRequest | AdditiveAttentionRequest,
    axes: readonly number[],
  ): AttentionOutputs => ({
    context: make([...axes, request.valueWidth]),
    logSumExp: make(axes),
    remainder: make(axes),
    weights: request.returnWeights ? make([...axes, request.keys]) : undefined,
  });

  const hooked = (
    { captures }: { readonly captures?: TensorInfo },
    request: DotProductAttentionRequest | AdditiveAttentionRequest,
  ): Fields =>
    hookFields(request, { heads: 1, ...request }, captures ? floatsOf(engine, captures) : new Float32Array());

  return {
    dotProductAttention: {
      forward: (inputs, request) =>
        withOutputs(engine, (make) => {
          const results = outputs(make, request, [request.batch, request.heads, request.queries]);
          run('forward', { ...dotProductFields(request), ...hooked(inputs, request) }, inputs, results, request);
          return results;
        }),

      backward: (inputs, request) =>
        withOutputs(engine, (make) => {
          const { query, key, value, bias, table, captures } = inputs;
          const gradients = {
            dQuery: make(query.shape),
            dKey: make(key.shape),
            dValue: make(value.shape),
            ...(bias && { dBias: make(bias.shape) }),
          };
          if (gradients.dBias !== undefined) floatsOf(engine, gradients.dBias).fill(0); // the kernel adds to it
          const tableSums = table && new Float64Array(util.sizeFromShape(table.shape));
          const captureSums = captures && new Float64Array(util.sizeFromShape(captures.shape));
          const fields = {
            ...dotProductFields(request),
            ...hooked(inputs, request),
            dTable: tableSums,
            dCaptures: captureSums,
          };
          run('backward', fields, withoutWeights(inputs), gradients, request);
          return {
            ...gradients,
            ...(tableSums && { dTable: sumsAs(engine, make(table.shape), tableSums) }),
            ...(captureSums && { dCaptures: sumsAs(engine, make(captures.shape), captureSums) }),
          };
        }),
    },

    additiveAttention: {
      forward: (inputs, request) =>
        withOutputs(engine, (make) => {
          const results = outputs(make, request, [request.batch, request.queries]);
          run('forward', { ...additiveFields(request), ...hooked(inputs, request) }, inputs, results, request);
          return results;
        }),

      backward: (inputs, request) =>
        withOutputs(engine, (make) => {
          const { query, key, value, vector, captures } = inputs;
          const gradients = { dQuery: make(query.shape), dKey: make(key.shape), dValue: make(value.shape) };
          // Each batch row has sums of its own, which are added up in their order.
          const padded = Math.ceil(request.units / LANES) * LANES;
          const partSums = new Float64Array(request.batch * padded);
          const captureSums = captures && new Float64Array(util.sizeFromShape(captures.shape));
          const fields = {
            ...additiveFields(request),
            ...hooked(inputs, request),
            dVector: partSums,
            dCaptures: captureSums,
          };
          run('backward', fields, withoutWeights(inputs), gradients, request);
          const vectorSums = Float64Array.from({ length: request.units }, (_, unit) => {
            let sum = 0;
            for (let at = unit; at < partSums.length; at += padded) sum += partSums[at];
            return sum;
          });
          return {
            ...gradients,
            dVector: sumsAs(engine, make(vector.shape), vectorSums),
            ...(captureSums && { dCaptures: sumsAs(engine, make(captures.shape), captureSums) }),
          };
        }),
    },

    weightedContext: {
      forward: (inputs, request) =>
        withOutputs(engine, (make) => {
          const { scores } = inputs;
          const context = make([...scores.shape.slice(0, -1), request.valueWidth]);
          const results = { context, weights: make(scores.shape) };
          run('forward', weightedFields(request), inputs, results);
          return results;
        }),

      backward: (inputs, request) =>
        withOutputs(engine, (make) => {
          const gradients = { dScores: make(inputs.scores.shape), dValue: make(inputs.value.shape) };
          // Weights are made again: those that were saved don't tell what 1 − w is where w is nearly 1.
          run('backward', weightedFields(request), { ...inputs, weights: undefined }, gradients);
          return gradients;
        }),
    },
  };
}

const LANES = 4;

/** The backward pass has no use for the weights, and `weights` in a request asks for them. */
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
