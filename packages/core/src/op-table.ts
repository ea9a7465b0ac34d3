import type { AttentionKernels, OpName, OpRequest, Shape4 } from './backend.js';

/** How each op's tensors are named and ordered; everything about running an op follows from this table. */
export interface OpSpec {
  /** The name in TensorFlow.js's kernel registry; its gradient's kernel adds 'Grad'. */
  readonly kernelName: string;
  readonly gradient: keyof AttentionKernels;
  readonly outputs: readonly string[];
  /** Outputs that the backward pass gets again. */
  readonly saved: readonly string[];
  /** Those among them that no caller sees, and that so have no gradient. */
  readonly hidden: readonly string[];
  /** Inputs that have a gradient; those of x are called dX. */
  readonly differentiable: readonly string[];
}

export const OPS: Readonly<Record<OpName, OpSpec>> = {
  dotProductAttention: {
    kernelName: 'HeedDotProductAttention',
    gradient: 'dotProductAttentionGrad',
    outputs: ['context', 'logSumExp', 'remainder', 'weights'],
    saved: ['context', 'logSumExp', 'remainder'],
    hidden: ['remainder'],
    differentiable: ['query', 'key', 'value', 'bias', 'table'],
  },
  additiveAttention: {
    kernelName: 'HeedAdditiveAttention',
    gradient: 'additiveAttentionGrad',
    outputs: ['context', 'logSumExp', 'remainder', 'weights'],
    saved: ['context', 'logSumExp', 'remainder'],
    hidden: ['remainder'],
    differentiable: ['query', 'key', 'vector', 'value'],
  },
  weightedContext: {
    kernelName: 'HeedWeightedContext',
    gradient: 'weightedContextGrad',
    outputs: ['context', 'weights'],
    saved: ['weights'],
    hidden: [],
    differentiable: ['scores', 'value'],
  },
};

export const gradientName = (name: string): string => `d${name[0].toUpperCase()}${name.slice(1)}`;

/** Names of the outputs that a request has, in order. */
export function outputsOf(request: OpRequest): readonly string[] {
  const { outputs } = OPS[request.op];
  return 'returnWeights' in request && !request.returnWeights ? outputs.filter((name) => name !== 'weights') : outputs;
}

/** The shape with which kernels see a tensor, whatever the caller's rank was: inputs, outputs, and the outputs' gradients. */
export function canonicalShape(request: OpRequest, name: string): readonly number[] {
  const output = OPS[request.op].outputs.find((output) => name === output || name === gradientName(output));
  return output === undefined ? inputShape(request, name) : outputShape(request, output);
}

function inputShape(request: OpRequest, name: string): readonly number[] {
  if (name === 'mask') return request.mask.dense as Shape4;
  const { batch: B, queries: Tq, keys: Tk, valueWidth: Dv } = request;
  switch (request.op) {
    case 'dotProductAttention': {
      const { heads: H, keyHeads: Hk, width: D, bias } = request;
      if (name === 'query') return [B, H, Tq, D];
      if (name === 'key') return [B, Hk, Tk, D];
      if (name === 'value') return [B, Hk, Tk, Dv];
      return name === 'bias' ? bias.dense! : [bias.relative!.heads, 2 * bias.relative!.reach + 1];
    }
    case 'additiveAttention': {
      const { units: U } = request;
      if (name === 'query') return [B, Tq, U];
      if (name === 'key') return [B, Tk, U];
      return name === 'vector' ? [U] : [B, Tk, Dv];
    }
    case 'weightedContext':
      return name === 'scores' ? [B, request.heads, Tq, Tk] : [B, request.heads, Tk, Dv];
  }
}

function outputShape(request: OpRequest, name: string): readonly number[] {
  const rows =
    request.op === 'additiveAttention'
      ? [request.batch, request.queries]
      : [request.batch, request.heads, request.queries];
  if (name === 'context') return [...rows, request.valueWidth];
  return name === 'weights' ? [...rows, request.keys] : rows;
}
