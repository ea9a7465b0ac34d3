import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { buildMechanism } from '../build.js';
import { addOneHead } from '../cost/mechanism-use.js';
import type { MechanismDefinition } from '../definition.js';
import { nameOr, seed, width } from '../fields.js';
import { projected } from '../fit.js';
import { arXiv } from '../formula.js';
import { glorotUniform } from '../initializers.js';
import { linear } from '../linear.js';
import * as m from '../math-ml.js';
import type { AttentionMechanism } from '../mechanism.js';

export interface GeneralOptions {
  readonly queryWidth: number;
  readonly memoryWidth: number;
  /** Seed of the initial parameters. */
  readonly seed: number;
  /** Begins the variables' names; 'general' by default. */
  readonly name?: string;
}

export type GeneralConfig = { readonly kind: 'general' } & Required<GeneralOptions>;

/**
 * Luong's general attention: α_t = softmax_s(s_tᵀ W h_s), without a scale.
 *
 * Parameters: memory_kernel Wᵀ [M, Q], which takes the memory to the query's width once.
 *
 * @throws HeedError CONFIG_INVALID
 * @see Luong, Pham & Manning 2015, arXiv:1508.04025, §3.1
 */
export function general(options: GeneralOptions): AttentionMechanism<GeneralConfig> {
  return buildMechanism(generalDefinition, { ...options, kind: 'general' });
}

export const generalDefinition: MechanismDefinition<GeneralConfig, GeneralOptions> = {
  kind: 'general',
  title: 'General (Luong)',
  formula: {
    text: 'sᵀ W h',
    score: m.row(m.transposed(m.s), m.W(), m.h),
    papers: [arXiv('1508.04025', 'Luong, Pham & Manning 2015', '§3.1')],
  },
  schema: v.strictObject({
    kind: v.literal('general'),
    name: nameOr('general'),
    queryWidth: width,
    memoryWidth: width,
    seed,
  }),
  fit: projected,
  widths: ({ queryWidth, memoryWidth }) => ({ queryWidth, memoryWidth, contextWidth: memoryWidth }),
  parameters({ queryWidth, memoryWidth, seed }) {
    const shape = [memoryWidth, queryWidth] as const;
    return { memory_kernel: { shape, initial: () => glorotUniform(shape, { seed, stream: 'memory_kernel' }) } };
  },
  bind: (_, { memory_kernel }) => ({
    readsAsStored: true,
    project: (keys, values) => ({ keys: linear(keys, memory_kernel!), values: tf.clone(values) }),
    compare: (query, { keys, values }) => ({ op: 'dotProductAttention', query, key: keys, value: values, scale: 1 }),
  }),
  cost(tally, { queryWidth, memoryWidth }, use) {
    tally.parameters(memoryWidth * queryWidth);
    tally.product({ m: use.batch * use.keys, k: memoryWidth, n: queryWidth });
    addOneHead(tally, use, { width: queryWidth, valueWidth: memoryWidth });
  },
};
