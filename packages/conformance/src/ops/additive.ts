import { additiveAttention } from '@heed/core';
import { maskOf, type Instance } from '../example.js';
import { capturesOf, hookOptions, type HookedExample } from '../hooks.js';
import { additive, additiveBackward, type Additive } from '../oracle/additive.js';
import { meaningOf, type HookMeanings } from '../oracle/hooks.js';
import { attendance } from '../oracle/masks.js';
import { dropoutFactor } from '../oracle/philox.js';
import type { TestedOp } from './define.js';

export interface AdditiveExample extends HookedExample {
  readonly op: 'additiveAttention';
  readonly batch: number;
  readonly units: number;
  readonly bias?: never;
}

export const testedAdditive: TestedOp<AdditiveExample> = {
  plain: { op: 'additiveAttention', batch: 2, queries: 5, keys: 7, units: 4, valueWidth: 6 },
  scores: ({ batch, queries, keys }) => ({ batch, heads: 1, queries, keys }),
  keyHeads: () => 1,
  leading: ({ batch }) => [batch],
  inputs: (example) => {
    const { batch, queries, keys, units, valueWidth } = example;
    return {
      query: [batch, queries, units],
      key: [batch, keys, units],
      vector: [units],
      value: [batch, keys, valueWidth],
      ...capturesOf(example, testedAdditive.scores(example)),
    };
  },
  options: () => ({}),
  capturing: (example, tensors) => hookOptions(example, testedAdditive.scores(example), tensors),
  run: ({ query, key, vector, value }, options) => additiveAttention(query!, key!, vector!, value!, options),
  forward(instance, round) {
    const { hooks } = meaningOf(instance, testedAdditive.scores(instance.example), round);
    return additive(operandsOf(instance, hooks), round);
  },
  backward(instance, cotangents, round) {
    const { hooks, gradients } = meaningOf(instance, testedAdditive.scores(instance.example), round);
    const { dQuery, dKey, dVector, dValue } = additiveBackward(operandsOf(instance, hooks), cotangents, round);
    return { query: dQuery, key: dKey, vector: dVector, value: dValue, ...gradients };
  },
};

function operandsOf(instance: Instance<AdditiveExample>, hooks: HookMeanings): Additive {
  const { example, inputs } = instance;
  return {
    ...example,
    hooks,
    query: inputs['query'].values,
    key: inputs['key'].values,
    vector: inputs['vector'].values,
    value: inputs['value'].values,
    attends: attendance(maskOf(instance), testedAdditive.scores(example)),
    dropout: dropoutFactor(example.dropout),
  };
}
