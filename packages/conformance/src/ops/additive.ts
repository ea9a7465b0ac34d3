import { additiveAttention } from '@heed/core';
import { maskOf, type Example, type Instance } from '../example.js';
import { additive, additiveBackward, type Additive } from '../oracle/additive.js';
import { attendance } from '../oracle/masks.js';
import { dropoutFactor } from '../oracle/philox.js';
import type { TestedOp } from './define.js';

export interface AdditiveExample extends Example {
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
  inputs: ({ batch, queries, keys, units, valueWidth }) => ({
    query: [batch, queries, units],
    key: [batch, keys, units],
    vector: [units],
    value: [batch, keys, valueWidth],
  }),
  options: () => ({}),
  run: ({ query, key, vector, value }, options) => additiveAttention(query!, key!, vector!, value!, options),
  forward: (instance, round) => additive(operandsOf(instance), round),
  backward(instance, cotangents, round) {
    const { dQuery, dKey, dVector, dValue } = additiveBackward(operandsOf(instance), cotangents, round);
    return { query: dQuery, key: dKey, vector: dVector, value: dValue };
  },
};

function operandsOf(instance: Instance<AdditiveExample>): Additive {
  const { example, inputs } = instance;
  return {
    ...example,
    query: inputs['query'].values,
    key: inputs['key'].values,
    vector: inputs['vector'].values,
    value: inputs['value'].values,
    attends: attendance(maskOf(instance), testedAdditive.scores(example)),
    dropout: dropoutFactor(example.dropout),
  };
}
