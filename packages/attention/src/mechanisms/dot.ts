import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { buildMechanism } from '../build.js';
import { addOneHead } from '../cost/mechanism-use.js';
import type { MechanismDefinition } from '../definition.js';
import { nameOr, width } from '../fields.js';
import { asIs } from '../fit.js';
import { arXiv } from '../formula.js';
import * as m from '../math-ml.js';
import type { AttentionMechanism } from '../mechanism.js';

export interface DotOptions {
  /** Width of the query and of the memory, which must be equal. */
  readonly width: number;
  /** Shown in messages; 'dot' by default. */
  readonly name?: string;
}

export type DotConfig = { readonly kind: 'dot' } & Required<DotOptions>;

/**
 * Luong's dot attention: α_t = softmax_s(s_tᵀ h_s), without a scale. It has no parameters.
 *
 * @throws HeedError CONFIG_INVALID
 * @see Luong, Pham & Manning 2015, arXiv:1508.04025, §3.1
 */
export function dot(options: DotOptions): AttentionMechanism<DotConfig> {
  return buildMechanism(dotDefinition, { ...options, kind: 'dot' });
}

export const dotDefinition: MechanismDefinition<DotConfig, DotOptions> = {
  kind: 'dot',
  title: 'Dot product (Luong)',
  formula: {
    text: 'sᵀh',
    score: m.row(m.transposed(m.s), m.h),
    papers: [arXiv('1508.04025', 'Luong, Pham & Manning 2015', '§3.1')],
  },
  schema: v.strictObject({ kind: v.literal('dot'), name: nameOr('dot'), width }),
  fit: asIs,
  op: { scale: 1 },
  widths: ({ width }) => ({ queryWidth: width, memoryWidth: width, contextWidth: width }),
  parameters: () => ({}),
  bind: () => ({
    readsAsStored: true,
    project: (keys, values) => ({ keys: tf.clone(keys), values: tf.clone(values) }),
    compare: (query, { keys, values }) => ({ op: 'dotProductAttention', query, key: keys, value: values, scale: 1 }),
  }),
  cost: (tally, { width }, use) => addOneHead(tally, use, { width, valueWidth: width }),
};
