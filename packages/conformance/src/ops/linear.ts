import { linearAttention } from '@heed/core';
import type { Example, Instance, TensorValue } from '../example.js';
import { linear, linearBackward, type Broadcast, type Linear } from '../oracle/linear.js';
import type { TestedOp } from './define.js';

export interface LinearExample extends Example {
  readonly op: 'linearAttention';
  readonly batch: number;
  readonly heads: number;
  readonly keyHeads: number;
  readonly width: number;
  /** Scale; absent for the op's default. */
  readonly scale?: number;
  /** Shape of the log decays, as the caller gives them; absent without a decay. */
  readonly logDecay?: readonly number[];
  /** Shape of the strengths; absent without the delta rule. */
  readonly beta?: readonly number[];
  readonly normalize?: true;
  readonly bidirectional?: true;
  readonly lengths?: readonly number[];
  /** Whether there is an initial state. */
  readonly initialState?: true;
  readonly mask?: never;
  readonly bias?: never;
  readonly causal?: never;
  readonly dropout?: never;
}

export const testedLinear: TestedOp<LinearExample> = {
  plain: {
    op: 'linearAttention',
    batch: 2,
    heads: 3,
    keyHeads: 3,
    queries: 5,
    keys: 5,
    width: 4,
    valueWidth: 6,
  },
  scores: ({ batch, heads, queries, keys }) => ({ batch, heads, queries, keys }),
  keyHeads: ({ keyHeads }) => keyHeads,
  leading: ({ batch, heads }) => [batch, heads],
  shapes: ({ batch, keyHeads, width, valueWidth }) => ({
    state: [batch, keyHeads, width, valueWidth],
    normalizer: [batch, keyHeads, width],
  }),
  inputs: ({ batch, heads, keyHeads, queries, keys, width, valueWidth, ...options }) => ({
    query: [batch, heads, queries, width],
    key: [batch, keyHeads, keys, width],
    value: [batch, keyHeads, keys, valueWidth],
    ...(options.logDecay && { logDecay: options.logDecay }),
    ...(options.beta && { beta: options.beta }),
    ...(options.initialState && { initialState: [batch, keyHeads, width, valueWidth] }),
    ...(options.initialState && options.normalize && { initialNormalizer: [batch, keyHeads, width] }),
  }),
  optional: ['logDecay', 'beta', 'initialState', 'initialNormalizer'],
  drawn: ({ normalize, beta, width }) => ({
    logDecay: (x) => -Math.abs(x) / 2,
    beta: (x) => 1 / (1 + Math.exp(-x)),
    // Keys of about unit length, with which the delta rule is stable; positive features, of which no sum is near 0.
    ...(beta && { key: (x: number) => x / Math.sqrt(width) }),
    ...(normalize && { query: Math.exp, key: Math.exp, initialNormalizer: Math.exp }),
  }),
  options: ({ scale, normalize, lengths, bidirectional }) => ({
    scale,
    normalize,
    lengths,
    causal: bidirectional && false,
  }),
  run: ({ query, key, value, ...tensors }, options) =>
    linearAttention(query!, key!, value!, { ...tensors, ...options }),
  forward: (instance, round) => linear(operandsOf(instance), round),
  backward: (instance, cotangents, round) => ({ ...linearBackward(operandsOf(instance), cotangents, round) }),
};

function operandsOf({ example, inputs }: Instance<LinearExample>): Linear {
  const { logDecay, beta } = inputs;
  return {
    ...example,
    query: inputs['query'].values,
    key: inputs['key'].values,
    value: inputs['value'].values,
    logDecay: logDecay && withRank(logDecay),
    beta,
    initialState: inputs['initialState']?.values,
    initialNormalizer: inputs['initialNormalizer']?.values,
    scale: example.normalize ? 1 : (example.scale ?? 1 / Math.sqrt(example.width)),
    normalize: example.normalize ?? false,
    bidirectional: example.bidirectional ?? false,
    lengthOf: (b) => example.lengths?.[b] ?? example.keys,
  };
}

/** [Hk] as [1, Hk, 1]; [B, Hk, T] and [B, Hk, T, D] as they are. */
function withRank({ shape, values }: TensorValue): Broadcast {
  return { shape: shape.length === 1 ? [1, ...shape, 1] : shape, values };
}
