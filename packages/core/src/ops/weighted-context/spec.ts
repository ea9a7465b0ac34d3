import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Dropout, MaskParts } from '../../request.js';
import { defineOp } from '../define.js';

export interface WeightedContextRequest {
  readonly op: 'weightedContext';
  readonly batch: number;
  readonly heads: number;
  readonly queries: number;
  readonly keys: number;
  readonly valueWidth: number;
  /** The normaliser's name; a kernel gets only those that its backend declares. */
  readonly normalizer: string;
  /** How many numbers the normaliser's parameter has: 1, H, or 0 for a normaliser without one. */
  readonly parameters: number;
  readonly mask: MaskParts;
  readonly dropout: Dropout | null;
}

export type WeightedInputs = {
  /** [B, H, Tq, Tk] */
  readonly scores: TensorInfo;
  /** [B, H, Tk, Dv] */
  readonly value: TensorInfo;
  /** [1] or [H], of a normaliser that has one. */
  readonly parameter?: TensorInfo;
  /** bool, shape `request.mask.dense` */
  readonly mask?: TensorInfo;
};

export type WeightedOutputs = {
  /** [B, H, Tq, Dv] */
  readonly context: TensorInfo;
  /** [B, H, Tq, Tk], before dropout. */
  readonly weights: TensorInfo;
};

/** What the forward pass saved, and the gradient of the loss in each of its outputs. */
export type WeightedCotangents = {
  readonly weights: TensorInfo;
  readonly dContext: TensorInfo;
  readonly dWeights: TensorInfo;
};

/** Each shaped as its input. */
export type WeightedGradients = {
  readonly dScores: TensorInfo;
  readonly dValue: TensorInfo;
  readonly dParameter?: TensorInfo;
};

export interface WeightedTypes {
  readonly request: WeightedContextRequest;
  readonly inputs: WeightedInputs;
  readonly outputs: WeightedOutputs;
  readonly cotangents: WeightedCotangents;
  readonly gradients: WeightedGradients;
}

export const weightedSpec = defineOp<WeightedTypes>()({
  name: 'weightedContext',
  kernelName: 'HeedWeightedContext',
  inputs: {
    scores: { shape: ({ batch, heads, queries, keys }) => [batch, heads, queries, keys], differentiable: true },
    value: { shape: ({ batch, heads, keys, valueWidth }) => [batch, heads, keys, valueWidth], differentiable: true },
    parameter: { shape: ({ parameters }) => [parameters], differentiable: true },
    mask: { shape: ({ mask }) => mask.dense! },
  },
  outputs: {
    context: { shape: ({ batch, heads, queries, valueWidth }) => [batch, heads, queries, valueWidth] },
    weights: { shape: ({ batch, heads, queries, keys }) => [batch, heads, queries, keys], saved: true },
  },
  fields: {
    batch: 'limits',
    heads: 'limits',
    queries: 'limits',
    keys: 'limits',
    valueWidth: 'limits',
    normalizer: 'normalizers',
    parameters: 'always', // a backend that declares the normaliser knows its parameter
    mask: 'masks',
    dropout: 'options',
  },
});
