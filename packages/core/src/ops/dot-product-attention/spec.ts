import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { BiasParts, Dropout, MaskParts } from '../../request.js';
import { capturedSize, type HookParts } from '../../hooks/hook-parts.js';
import { attentionOutputs, type AttentionCotangents, type AttentionOutputs } from '../attention-outputs.js';
import { defineOp } from '../define.js';

export interface DotProductAttentionRequest extends HookParts {
  readonly op: 'dotProductAttention';
  readonly batch: number;
  readonly heads: number;
  /** Divides `heads`; query head h reads key head ⌊h / (heads / keyHeads)⌋. */
  readonly keyHeads: number;
  readonly queries: number;
  readonly keys: number;
  readonly width: number;
  readonly valueWidth: number;
  /** 0, or a normal float32 number. It belongs on the query, so that a product overflows only where the score does. */
  readonly scale: number;
  /** `cap·tanh(score / cap)` with a normal float32 number, or null for none. */
  readonly softCap: number | null;
  readonly mask: MaskParts;
  readonly bias: BiasParts;
  readonly dropout: Dropout | null;
  readonly returnWeights: boolean;
}

export type DotProductInputs = {
  /** [B, Hq, Tq, D] */
  readonly query: TensorInfo;
  /** [B, Hk, Tk, D] */
  readonly key: TensorInfo;
  /** [B, Hk, Tk, Dv] */
  readonly value: TensorInfo;
  /** bool, shape `request.mask.dense` */
  readonly mask?: TensorInfo;
  /** float32, shape `request.bias.dense` */
  readonly bias?: TensorInfo;
  /** float32, [`request.bias.relative.heads`, 2R + 1] */
  readonly table?: TensorInfo;
  /** float32, what the hooks captured, one after another */
  readonly captures?: TensorInfo;
};

/** Each shaped as its input; `dBias`, `dTable` and `dCaptures` are present exactly when their inputs are. */
export type DotProductGradients = {
  readonly dQuery: TensorInfo;
  readonly dKey: TensorInfo;
  readonly dValue: TensorInfo;
  readonly dBias?: TensorInfo;
  readonly dTable?: TensorInfo;
  readonly dCaptures?: TensorInfo;
};

export interface DotProductTypes {
  readonly request: DotProductAttentionRequest;
  readonly inputs: DotProductInputs;
  readonly outputs: AttentionOutputs;
  readonly cotangents: AttentionCotangents;
  readonly gradients: DotProductGradients;
}

export const dotProductSpec = defineOp<DotProductTypes>()({
  name: 'dotProductAttention',
  kernelName: 'HeedDotProductAttention',
  inputs: {
    query: { shape: ({ batch, heads, queries, width }) => [batch, heads, queries, width], differentiable: true },
    key: { shape: ({ batch, keyHeads, keys, width }) => [batch, keyHeads, keys, width], differentiable: true },
    value: {
      shape: ({ batch, keyHeads, keys, valueWidth }) => [batch, keyHeads, keys, valueWidth],
      differentiable: true,
    },
    mask: { shape: ({ mask }) => mask.dense! },
    bias: { shape: ({ bias }) => bias.dense!, differentiable: true },
    table: { shape: ({ bias }) => [bias.relative!.heads, 2 * bias.relative!.reach + 1], differentiable: true },
    captures: { shape: (request) => [capturedSize(request)], differentiable: true },
  },
  outputs: attentionOutputs(({ batch, heads, queries }: DotProductAttentionRequest) => [batch, heads, queries]),
  fields: {
    batch: 'limits',
    heads: 'limits',
    keyHeads: 'limits',
    queries: 'limits',
    keys: 'limits',
    width: 'limits',
    valueWidth: 'limits',
    scale: 'always',
    softCap: 'options',
    mask: 'masks',
    bias: 'biases',
    scoreHook: 'options',
    maskHook: 'options',
    weightHook: 'options',
    dropout: 'options',
    returnWeights: 'options',
  },
});
