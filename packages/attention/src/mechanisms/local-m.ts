import * as tf from '@tensorflow/tfjs-core';
import { dense } from '@heed/core';
import * as v from 'valibot';
import { buildMechanism } from '../build.js';
import type { MechanismDefinition } from '../definition.js';
import { nameOr } from '../fields.js';
import { projected } from '../fit.js';
import { arXiv } from '../formula.js';
import * as m from '../math-ml.js';
import type { AttentionMechanism } from '../mechanism.js';
import {
  addLuong,
  compareByLuong,
  luongLocalFields,
  luongParameters,
  suitsScore,
  UNSUITED,
  type LuongLocalOptions,
} from './luong-local.js';

export type LocalMOptions = LuongLocalOptions;
export type LocalMConfig = { readonly kind: 'localM' } & Required<LocalMOptions>;

/**
 * Luong's local attention with a monotonic place, local-m: step i sees the positions |j − i| ≤ D, weighed by a softmax of sᵀ W h or
 * sᵀ h. A step whose window has no positions sees nothing.
 *
 * It keeps a state, so steps come one after the other: step [N], the number of the next step, 0 at first.
 *
 * Parameters: kernel W [Q, M], of general scores.
 *
 * @throws HeedError CONFIG_INVALID
 * @see Luong, Pham & Manning 2015, arXiv:1508.04025, §3.2
 */
export function localM(options: LocalMOptions): AttentionMechanism<LocalMConfig> {
  return buildMechanism(localMDefinition, { ...options, kind: 'localM' });
}

export const localMDefinition: MechanismDefinition<LocalMConfig, LocalMOptions> = {
  kind: 'localM',
  title: 'Local, monotonic (Luong)',
  formula: {
    text: 'sᵀ W h for positions of h no further than D from the number of the step',
    score: m.row(m.transposed(m.s), m.W(), m.h),
    state: m.row(m.o('|'), m.j, m.o('−'), m.i, m.o('|'), m.o('≤'), m.name('D')),
    papers: [arXiv('1508.04025', 'Luong, Pham & Manning 2015', '§3.2')],
  },
  schema: v.pipe(
    v.strictObject({ kind: v.literal('localM'), name: nameOr('localM'), ...luongLocalFields }),
    v.check((config) => suitsScore(config), UNSUITED),
  ),
  fit: projected,
  widths: ({ queryWidth, memoryWidth }) => ({ queryWidth, memoryWidth, contextWidth: memoryWidth }),
  parameters: luongParameters,
  bind: ({ halfWidth }, parameters) => ({
    project: (keys, values) => ({ keys: tf.clone(keys), values: tf.clone(values) }),
    compare(query, memory, { state }) {
      const keys = memory.keys.shape[1]!;
      const away = tf.abs(tf.sub(tf.reshape(state['step']!, [-1, 1, 1, 1]), tf.range(0, keys))); // [N, 1, 1, Tk]
      return { ...compareByLuong(query, memory, parameters), masks: [dense(tf.lessEqual(away, halfWidth))] };
    },
  }),
  state: {
    shapes: () => ({ step: [] }),
    next: ({ step }) => ({ step: tf.add(step!, 1) }),
  },
  cost: (tally, config, use) => addLuong(tally, config, use),
};
