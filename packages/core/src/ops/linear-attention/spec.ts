import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Shape4 } from '../../request.js';
import { defineOp } from '../define.js';

export interface LinearAttentionRequest {
  readonly op: 'linearAttention';
  readonly batch: number;
  readonly heads: number;
  readonly keyHeads: number;
  readonly queries: number;
  /** Equal to queries, unless `bidirectional`. */
  readonly keys: number;
  readonly width: number;
  readonly valueWidth: number;
  readonly scale: number;
  /** Shape of the log decays in `inputs.logDecay`, which broadcasts to [B, Hk, T, D]: each axis is full or 1; null without a decay. */
  readonly logDecay: Shape4 | null;
  /** Shape of the strengths in `inputs.beta`, which broadcasts to [B, Hk, T]; null without the delta rule. */
  readonly beta: readonly [number, number, number] | null;
  /** Whether contexts are divided by φ(q)·z. */
  readonly normalize: boolean;
  /** Steps of each row, of length B, each in [0, Tk]; null when all rows have all. */
  readonly lengths: Int32Array | null;
  /** Whether every query reads the state after the last key. Then there is neither a decay nor a beta. */
  readonly bidirectional: boolean;
  readonly initialState: boolean;
  readonly returnState: boolean;
}

export type LinearInputs = {
  /** [B, Hq, Tq, D] */
  readonly query: TensorInfo;
  /** [B, Hk, Tk, D] */
  readonly key: TensorInfo;
  /** [B, Hk, Tk, Dv] */
  readonly value: TensorInfo;
  /** Shape `request.logDecay`. */
  readonly logDecay?: TensorInfo;
  /** Shape `request.beta`. */
  readonly beta?: TensorInfo;
  /** [B, Hk, D, Dv] */
  readonly initialState?: TensorInfo;
  /** [B, Hk, D]; present exactly when there is an initial state and `request.normalize`. */
  readonly initialNormalizer?: TensorInfo;
};

export type LinearOutputs = {
  /** [B, Hq, Tq, Dv] */
  readonly context: TensorInfo;
  /** [B, Hk, D, Dv] after the last step; present exactly when `request.returnState`. */
  readonly state?: TensorInfo;
  /** [B, Hk, D] after the last step; present exactly when `request.returnState` and `request.normalize`. */
  readonly normalizer?: TensorInfo;
};

/** The gradient of the loss in each output. */
export type LinearCotangents = {
  readonly dContext: TensorInfo;
  readonly dState?: TensorInfo;
  readonly dNormalizer?: TensorInfo;
};

/** Each shaped as its input. */
export type LinearGradients = {
  readonly dQuery: TensorInfo;
  readonly dKey: TensorInfo;
  readonly dValue: TensorInfo;
  readonly dLogDecay?: TensorInfo;
  readonly dBeta?: TensorInfo;
  readonly dInitialState?: TensorInfo;
  readonly dInitialNormalizer?: TensorInfo;
};

export interface LinearTypes {
  readonly request: LinearAttentionRequest;
  readonly inputs: LinearInputs;
  readonly outputs: LinearOutputs;
  readonly cotangents: LinearCotangents;
  readonly gradients: LinearGradients;
}

type Request = LinearAttentionRequest;

const stateShape = ({ batch, keyHeads, width, valueWidth }: Request) => [batch, keyHeads, width, valueWidth];
const normalizerShape = ({ batch, keyHeads, width }: Request) => [batch, keyHeads, width];

export const linearSpec = defineOp<LinearTypes>()({
  name: 'linearAttention',
  kernelName: 'HeedLinearAttention',
  // Without steps there is still a state to hand on.
  isEmpty: ({ batch, heads }) => batch * heads === 0,
  inputs: {
    query: { shape: ({ batch, heads, queries, width }) => [batch, heads, queries, width], differentiable: true },
    key: { shape: ({ batch, keyHeads, keys, width }) => [batch, keyHeads, keys, width], differentiable: true },
    value: {
      shape: ({ batch, keyHeads, keys, valueWidth }) => [batch, keyHeads, keys, valueWidth],
      differentiable: true,
    },
    logDecay: { shape: ({ logDecay }) => logDecay!, differentiable: true },
    beta: { shape: ({ beta }) => beta!, differentiable: true },
    initialState: { shape: stateShape, differentiable: true },
    initialNormalizer: { shape: normalizerShape, differentiable: true },
  },
  outputs: {
    context: { shape: ({ batch, heads, queries, valueWidth }) => [batch, heads, queries, valueWidth] },
    state: { shape: stateShape, isAsked: ({ returnState }) => returnState },
    normalizer: { shape: normalizerShape, isAsked: ({ returnState, normalize }) => returnState && normalize },
  },
  fields: {
    batch: 'limits',
    heads: 'limits',
    keyHeads: 'limits',
    queries: 'limits',
    keys: 'limits',
    width: 'limits',
    valueWidth: 'limits',
    scale: 'always',
    logDecay: 'options',
    beta: 'options',
    normalize: 'options',
    lengths: 'options',
    bidirectional: 'options',
    initialState: 'options',
    returnState: 'options',
  },
});
