import { asIs, costOfAttention, type AnyConfig, type MechanismDefinition } from '@heed/attention';
import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';

interface GentleConfig extends AnyConfig {
  readonly kind: 'gentleDot';
  readonly width: number;
  readonly scale: number;
}

/** Dot products times a scale that is small by default: a mechanism that Heed doesn't have. */
export const gentleDot: MechanismDefinition<GentleConfig> = {
  kind: 'gentleDot',
  title: 'Gentle dot product',
  formula: { text: 'sᵀh / 10', score: '<mi>s</mi>', papers: [] },
  schema: v.strictObject({
    kind: v.literal('gentleDot'),
    name: v.optional(v.string(), 'gentleDot'),
    width: v.number(),
    scale: v.optional(v.number(), 0.1),
  }),
  fit: asIs,
  widths: ({ width }) => ({ queryWidth: width, memoryWidth: width, contextWidth: width }),
  parameters: () => ({}),
  bind: ({ scale }) => ({
    project: (keys, values) => ({ keys: tf.clone(keys), values: tf.clone(values) }),
    compare: (query, { keys, values }) => ({ op: 'dotProductAttention', query, key: keys, value: values, scale }),
  }),
  cost: (tally, { width }, { batch, queries, keys, calls }) =>
    tally.op(costOfAttention({ op: 'dotProductAttention', batch, heads: 1, queries, keys, width }), calls),
};
