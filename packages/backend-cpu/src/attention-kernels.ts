import type {
  AdditiveInputs,
  AttentionCotangents,
  AttentionKernels,
  AttentionOutputs,
  DotProductInputs,
  LinearInputs,
} from '@heed/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { additiveBackward } from './additive-backward.js';
import { additiveForward } from './additive-forward.js';
import type { AttentionArrays } from './context-rows.js';
import { dotProductBackward } from './dot-product-backward.js';
import { dotProductForward } from './dot-product-forward.js';
import type { CpuEngine } from './engine.js';
import { linearBackward } from './linear-backward.js';
import { linearForward } from './linear-forward.js';
import { weightedBackward } from './weighted-backward.js';
import { weightedForward } from './weighted-forward.js';
import type { Workspace } from './workspace.js';

/** Kernels over tensors, from those over arrays. */
export function attentionKernels(engine: CpuEngine, workspace: Workspace): Required<AttentionKernels> {
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
    captures: optional(inputs.captures),
  });
  const additiveArrays = (inputs: AdditiveInputs) => ({
    query: floats(inputs.query),
    key: floats(inputs.key),
    vector: floats(inputs.vector),
    value: floats(inputs.value),
    mask: maskOf(inputs),
    captures: optional(inputs.captures),
  });
  const linearArrays = (inputs: LinearInputs) => ({
    query: floats(inputs.query),
    key: floats(inputs.key),
    value: floats(inputs.value),
    logDecay: optional(inputs.logDecay),
    beta: optional(inputs.beta),
    initialState: optional(inputs.initialState),
    initialNormalizer: optional(inputs.initialNormalizer),
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
    dotProductAttention: {
      forward(inputs, request) {
        const { batch, heads, queries } = request;
        const arrays = dotProductForward(dotProductArrays(inputs), request, workspace);
        return outputs(arrays, [batch, heads, queries], request);
      },
      backward(inputs, request) {
        const arrays = { ...dotProductArrays(inputs), ...cotangentArrays(inputs) };
        const { dQuery, dKey, dValue, dBias, dTable, dCaptures } = dotProductBackward(arrays, request, workspace);
        return {
          dQuery: engine.output(inputs.query.shape, dQuery),
          dKey: engine.output(inputs.key.shape, dKey),
          dValue: engine.output(inputs.value.shape, dValue),
          dBias: dBias && engine.output(inputs.bias!.shape, dBias),
          dTable: dTable && engine.output(inputs.table!.shape, dTable),
          dCaptures: dCaptures && engine.output(inputs.captures!.shape, dCaptures),
        };
      },
    },
    additiveAttention: {
      forward(inputs, request) {
        const arrays = additiveForward(additiveArrays(inputs), request, workspace);
        return outputs(arrays, [request.batch, request.queries], request);
      },
      backward(inputs, request) {
        const arrays = { ...additiveArrays(inputs), ...cotangentArrays(inputs) };
        const { dQuery, dKey, dVector, dValue, dCaptures } = additiveBackward(arrays, request, workspace);
        return {
          dQuery: engine.output(inputs.query.shape, dQuery),
          dKey: engine.output(inputs.key.shape, dKey),
          dCaptures: dCaptures && engine.output(inputs.captures!.shape, dCaptures),
          dVector: engine.output(inputs.vector.shape, dVector),
          dValue: engine.output(inputs.value.shape, dValue),
        };
      },
    },
    weightedContext: {
      forward(inputs, request) {
        const { batch, heads, queries, keys, valueWidth } = request;
        const arrays = { scores: floats(inputs.scores), value: floats(inputs.value), mask: maskOf(inputs) };
        const { context, weights } = weightedForward(arrays, request, workspace);
        return {
          context: engine.output([batch, heads, queries, valueWidth], context),
          weights: engine.output([batch, heads, queries, keys], weights),
        };
      },
      backward(inputs, request) {
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
    },
    linearAttention: {
      forward(inputs, request) {
        const { batch, heads, keyHeads, queries, width, valueWidth } = request;
        const { context, state, normalizer } = linearForward(linearArrays(inputs), request, workspace);
        return {
          context: engine.output([batch, heads, queries, valueWidth], context),
          state: state && engine.output([batch, keyHeads, width, valueWidth], state),
          normalizer: normalizer && engine.output([batch, keyHeads, width], normalizer),
        };
      },
      backward(inputs, request) {
        const arrays = {
          ...linearArrays(inputs),
          dContext: floats(inputs.dContext),
          dState: optional(inputs.dState),
          dNormalizer: optional(inputs.dNormalizer),
        };
        const found = linearBackward(arrays, request, workspace);
        const like = (tensor: TensorInfo | undefined, values: Float32Array | undefined): TensorInfo | undefined =>
          tensor && values && engine.output(tensor.shape, values);
        return {
          dQuery: engine.output(inputs.query.shape, found.dQuery),
          dKey: engine.output(inputs.key.shape, found.dKey),
          dValue: engine.output(inputs.value.shape, found.dValue),
          dLogDecay: like(inputs.logDecay, found.dLogDecay),
          dBeta: like(inputs.beta, found.dBeta),
          dInitialState: like(inputs.initialState, found.dInitialState),
          dInitialNormalizer: like(inputs.initialNormalizer, found.dInitialNormalizer),
        };
      },
    },
  };
}
