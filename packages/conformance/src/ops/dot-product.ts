import { dotProductAttention } from '@heed/core';
import { maskOf, type BiasSpec, type Instance } from '../example.js';
import { capturesOf, hookOptions, type HookedExample } from '../hooks.js';
import { biasAt, biasGradients } from '../oracle/biases.js';
import type { Round } from '../oracle/arithmetic.js';
import { dotProduct, dotProductBackward, type DotProduct } from '../oracle/dot-product.js';
import { meaningOf, type HookMeanings } from '../oracle/hooks.js';
import { attendance } from '../oracle/masks.js';
import { dropoutFactor } from '../oracle/philox.js';
import type { TestedOp } from './define.js';

export interface DotProductExample extends HookedExample {
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
  inputs: (example) => {
    const { batch, heads, keyHeads, queries, keys, width, valueWidth } = example;
    return {
      query: [batch, heads, queries, width],
      key: [batch, keyHeads, keys, width],
      value: [batch, keyHeads, keys, valueWidth],
      ...capturesOf(example, example),
    };
  },
  options: ({ scale, softCap }) => ({ scale, softCap }),
  capturing: (example, tensors) => hookOptions(example, example, tensors),
  run: ({ query, key, value }, options) => dotProductAttention(query!, key!, value!, options),
  forward(instance, round) {
    const { hooks } = meaningOf(instance, instance.example, round);
    return dotProduct(operandsOf(instance, hooks, round), round);
  },
  backward(instance, cotangents, round) {
    const { hooks, gradients } = meaningOf(instance, instance.example, round);
    const operands = operandsOf(instance, hooks, round);
    const { dQuery, dKey, dValue, dBiased } = dotProductBackward(operands, cotangents, round);
    const inBias = biasGradients(instance.bias, dBiased, testedDotProduct.scores(instance.example), round);
    return { query: dQuery, key: dKey, value: dValue, ...inBias, ...gradients };
  },
};

function operandsOf(instance: Instance<DotProductExample>, hooks: HookMeanings, round: Round): DotProduct {
  const { example, inputs, bias } = instance;
  const sizes = testedDotProduct.scores(example);
  return {
    ...example,
    hooks,
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
