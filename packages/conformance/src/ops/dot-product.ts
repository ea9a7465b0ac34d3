import { dotProductAttention } from '@heed/core';
import { maskOf, type BiasSpec, type Example, type Instance } from '../example.js';
import { biasAt, biasGradients } from '../oracle/biases.js';
import type { Round } from '../oracle/arithmetic.js';
import { dotProduct, dotProductBackward, type DotProduct } from '../oracle/dot-product.js';
import { attendance } from '../oracle/masks.js';
import { dropoutFactor } from '../oracle/philox.js';
import type { TestedOp } from './define.js';

export interface DotProductExample extends Example {
  readonly op: 'dotProductAttention';
  readonly batch: number;
  readonly heads: number;
  readonly keyHeads: number;
  readonly width: number;
  /** Scale; absent for the op's default. */
  readonly scale?: number;
  readonly softCap?: number;
  readonly bias?: BiasSpec;
}

export const testedDotProduct: TestedOp<DotProductExample> = {
  plain: {
    op: 'dotProductAttention',
    batch: 2,
    heads: 3,
    keyHeads: 3,
    queries: 5,
    keys: 7,
    width: 4,
    valueWidth: 6,
  },
  scores: ({ batch, heads, queries, keys }) => ({ batch, heads, queries, keys }),
  keyHeads: ({ keyHeads }) => keyHeads,
  leading: ({ batch, heads }) => [batch, heads],
  inputs: ({ batch, heads, keyHeads, queries, keys, width, valueWidth }) => ({
    query: [batch, heads, queries, width],
    key: [batch, keyHeads, keys, width],
    value: [batch, keyHeads, keys, valueWidth],
  }),
  options: ({ scale, softCap }) => ({ scale, softCap }),
  run: ({ query, key, value }, options) => dotProductAttention(query!, key!, value!, options),
  forward: (instance, round) => dotProduct(operandsOf(instance, round), round),
  backward(instance, cotangents, round) {
    const { dQuery, dKey, dValue, dBiased } = dotProductBackward(operandsOf(instance, round), cotangents, round);
    const inBias = biasGradients(instance.bias, dBiased, testedDotProduct.scores(instance.example), round);
    return { query: dQuery, key: dKey, value: dValue, ...inBias };
  },
};

function operandsOf(instance: Instance<DotProductExample>, round: Round): DotProduct {
  const { example, inputs, bias } = instance;
  const sizes = testedDotProduct.scores(example);
  return {
    ...example,
    query: inputs['query'].values,
    key: inputs['key'].values,
    value: inputs['value'].values,
    scale: example.scale ?? 1 / Math.sqrt(example.width),
    softCap: example.softCap ?? null,
    keyHeadOf: (h) => Math.floor(h / (example.heads / example.keyHeads)),
    attends: attendance(maskOf(instance), sizes),
    bias: biasAt(bias, sizes, round),
    dropout: dropoutFactor(example.dropout),
  };
}
