import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { buildMechanism } from '../build.js';
import { addAdditive } from '../cost/mechanism-use.js';
import type { MechanismDefinition } from '../definition.js';
import { nameOr, seed, width } from '../fields.js';
import { projected } from '../fit.js';
import { arXiv } from '../formula.js';
import { glorotUniform } from '../initializers.js';
import { linear } from '../linear.js';
import * as m from '../math-ml.js';
import type { AttentionMechanism } from '../mechanism.js';

export interface ConcatOptions {
  readonly queryWidth: number;
  readonly memoryWidth: number;
  /** U, the width in which query and memory are compared. */
  readonly units: number;
  /** Seed of the initial parameters. */
  readonly seed: number;
  /** Begins the variables' names; 'concat' by default. */
  readonly name?: string;
}

export type ConcatConfig = { readonly kind: 'concat' } & Required<ConcatOptions>;

/**
 * Luong's concat attention: α_t = softmax_s(vᵀ tanh(W [s_t; h_s])), the context being the mean of h under α.
 *
 * One kernel W acts on the two put end to end, the query first; it is the additive score without a bias, but its one kernel
 * starts from one distribution. Parameters: kernel W [Q + M, U], vector v [U].
 *
 * @throws HeedError CONFIG_INVALID
 * @see Luong, Pham & Manning 2015, arXiv:1508.04025, eq. 8 as published at EMNLP
 */
export function concat(options: ConcatOptions): AttentionMechanism<ConcatConfig> {
  return buildMechanism(concatDefinition, { ...options, kind: 'concat' });
}

export const concatDefinition: MechanismDefinition<ConcatConfig, ConcatOptions> = {
  kind: 'concat',
  title: 'Concat (Luong)',
  formula: {
    text: 'vᵀ tanh(W [s; h])',
    score: m.row(m.v, m.apply('tanh', m.row(m.W(), m.bracket(m.row(m.s, m.o(';'), m.h), ['[', ']'])))),
    papers: [arXiv('1508.04025', 'Luong, Pham & Manning 2015', 'eq. 8 as published at EMNLP')],
  },
  schema: v.strictObject({
    kind: v.literal('concat'),
    name: nameOr('concat'),
    queryWidth: width,
    memoryWidth: width,
    units: width,
    seed,
  }),
  fit: projected,
  suggest: ({ width }) => ({ units: width }),
  widths: ({ queryWidth, memoryWidth }) => ({ queryWidth, memoryWidth, contextWidth: memoryWidth }),
  parameters({ queryWidth, memoryWidth, units, seed }) {
    const shape = [queryWidth + memoryWidth, units] as const;
    return {
      kernel: { shape, initial: () => glorotUniform(shape, { seed, stream: 'kernel' }) },
      vector: { shape: [units], initial: () => glorotUniform([units, 1], { seed, stream: 'vector' }) },
    };
  },
  bind({ queryWidth, memoryWidth, units }, { kernel, vector }) {
    return {
      readsAsStored: true,
      // W [s; h] = W_s s + W_h h, so the memory's part is found once.
      project: (keys, values) => ({
        keys: linear(keys, tf.slice(kernel!, [queryWidth, 0], [memoryWidth, units])),
        values: tf.clone(values),
      }),
      compare: (query, { keys, values }) => ({
        op: 'additiveAttention',
        query: linear(query, tf.slice(kernel!, [0, 0], [queryWidth, units])),
        key: keys,
        vector: vector!,
        value: values,
      }),
    };
  },
  cost: (tally, config, use) => addAdditive(tally, use, config),
};
