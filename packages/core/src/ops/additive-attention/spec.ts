import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Dropout, MaskParts } from '../../request.js';
import { capturedSize, type HookParts } from '../../hooks/hook-parts.js';
import { attentionOutputs, type AttentionCotangents, type AttentionOutputs } from '../attention-outputs.js';
import { defineOp } from '../define.js';

export interface AdditiveAttentionRequest extends HookParts {
  readonly op: 'additiveAttention';
  readonly batch: number;
  readonly queries: number;
  readonly keys: number;
  readonly units: number;
  readonly valueWidth: number;
  /** Dense masks have H = 1. */
  readonly mask: MaskParts;
  readonly dropout: Dropout | null;
  readonly returnWeights: boolean;
}

export type AdditiveInputs = {
  /** [B, Tq, U] */
  readonly query: TensorInfo;
  /** [B, Tk, U] */
  readonly key: TensorInfo;
  /** [U] */
  readonly vector: TensorInfo;
  /** [B, Tk, Dv] */
  readonly value: TensorInfo;
  /** bool, shape `request.mask.dense` */
  readonly mask?: TensorInfo;
  /** float32, what the hooks captured, one after another */
  readonly captures?: TensorInfo;
};

/** Each shaped as its input; `dCaptures` is present exactly when its input is. */
export type AdditiveGradients = {
  readonly dQuery: TensorInfo;
  readonly dKey: TensorInfo;
  readonly dVector: TensorInfo;
  readonly dValue: TensorInfo;
  readonly dCaptures?: TensorInfo;
};

export interface AdditiveTypes {
  readonly request: AdditiveAttentionRequest;
  readonly inputs: AdditiveInputs;
  readonly outputs: AttentionOutputs;
  readonly cotangents: AttentionCotangents;
  readonly gradients: AdditiveGradients;
}

export const additiveSpec = defineOp<AdditiveTypes>()({
  name: 'additiveAttention',
  kernelName: 'HeedAdditiveAttention',
  inputs: {
    query: { shape: ({ batch, queries, units }) => [batch, queries, units], differentiable: true },
    key: { shape: ({ batch, keys, units }) => [batch, keys, units], differentiable: true },
    vector: { shape: ({ units }) => [units], differentiable: true },
    value: { shape: ({ batch, keys, valueWidth }) => [batch, keys, valueWidth], differentiable: true },
    mask: { shape: ({ mask }) => mask.dense! },
    captures: { shape: (request) => [capturedSize(request)], differentiable: true },
  },
  outputs: attentionOutputs(({ batch, queries }: AdditiveAttentionRequest) => [batch, queries]),
  fields: {
    batch: 'limits',
    queries: 'limits',
    keys: 'limits',
    units: 'limits',
    valueWidth: 'limits',
    mask: 'masks',
    scoreHook: 'options',
    maskHook: 'options',
    weightHook: 'options',
    dropout: 'options',
    returnWeights: 'options',
  },
});
