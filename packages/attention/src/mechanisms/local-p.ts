import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { buildMechanism } from '../build.js';
import type { MechanismDefinition } from '../definition.js';
import { nameOr, width } from '../fields.js';
import { projected } from '../fit.js';
import { arXiv } from '../formula.js';
import { glorotUniform } from '../initializers.js';
import { linear } from '../linear.js';
import * as m from '../math-ml.js';
import type { AttentionMechanism } from '../mechanism.js';
import { asked } from '../asked.js';
import { maskedSoftmax, overSum } from '../weigh.js';
import {
  addLuong,
  compareByLuong,
  luongLocalFields,
  luongParameters,
  suitsScore,
  UNSUITED,
  type LuongLocalOptions,
} from './luong-local.js';
import { countOf } from './monotonic-alignment.js';

export interface LocalPOptions extends LuongLocalOptions {
  /** Width of the layer that predicts the place. */
  readonly units: number;
  /** Whether weights are made to sum to 1 again; false by default, as in the paper. */
  readonly renormalize?: boolean;
}
export type LocalPConfig = { readonly kind: 'localP' } & Required<LocalPOptions>;

/**
 * Luong's local attention with a predicted place, local-p: p_i = L σ(vᵀ tanh(W′ s_i)), L one past the last position that
 * the query may see, and
 * α_ij = softmax_j(e_ij) exp(−(j − p_i)² / 2σ²) over |j − p_i| ≤ D, σ = D/2, with e = sᵀ W h or sᵀ h. The place is real, positions
 * count from 0. Rows sum to at most 1, unless `renormalize`. Gradients reach p through the bell alone.
 *
 * `parts` has centre p [B, T, 1] between scores and weights.
 *
 * Parameters: kernel W [Q, M], of general scores; position_kernel W′ [Q, U], position_vector v [U].
 *
 * @throws HeedError CONFIG_INVALID
 * @see Luong, Pham & Manning 2015, arXiv:1508.04025, eq. 9 and 10
 */
export function localP(options: LocalPOptions): AttentionMechanism<LocalPConfig> {
  return buildMechanism(localPDefinition, { ...options, kind: 'localP' });
}

const away = `<msup>${m.bracket(m.row(m.j, m.o('−'), m.symbol('W', 'p', m.i)))}<mn>2</mn></msup>`;

export const localPDefinition: MechanismDefinition<LocalPConfig, LocalPOptions> = {
  kind: 'localP',
  title: 'Local, predicted (Luong)',
  formula: {
    text: 'sᵀ W h near a place p = L σ(vᵀ tanh(W′ s)); its softmax times exp(−(j − p)² / 2σ²)',
    score: m.row(m.transposed(m.s), m.W(), m.h),
    state: m.row(
      m.symbol('α', 'α', m.ij),
      m.o('='),
      m.apply('softmax', m.symbol('e', 'e', m.ij)),
      m.apply('exp', m.row(m.o('−'), m.fraction(away, '<mrow><mn>2</mn><msup><mi>σ</mi><mn>2</mn></msup></mrow>'))),
    ),
    papers: [arXiv('1508.04025', 'Luong, Pham & Manning 2015', 'eq. 9 and 10')],
  },
  schema: v.pipe(
    v.strictObject({
      kind: v.literal('localP'),
      name: nameOr('localP'),
      ...luongLocalFields,
      units: width,
      renormalize: v.optional(v.boolean(), false),
    }),
    v.check((config) => suitsScore(config), UNSUITED),
  ),
  fit: projected,
  suggest: ({ width }) => ({ units: width }),
  widths: ({ queryWidth, memoryWidth }) => ({ queryWidth, memoryWidth, contextWidth: memoryWidth }),
  weighs: true,
  parameters(config) {
    const { queryWidth, units, seed } = config;
    return {
      ...luongParameters(config),
      position_kernel: {
        shape: [queryWidth, units],
        initial: () => glorotUniform([queryWidth, units], { seed, stream: 'position_kernel' }),
      },
      position_vector: {
        shape: [units],
        initial: () => glorotUniform([units, 1], { seed, stream: 'position_vector' }),
      },
    };
  },
  bind: ({ halfWidth, renormalize }, parameters) => ({
    project: (keys, values) => ({ keys: tf.clone(keys), values: tf.clone(values) }),
    compare: (query, memory) => ({
      ...compareByLuong(query, memory, parameters),
      weigh(scores, allowed) {
        const keys = scores.shape[2];
        const hidden = tf.tanh(linear(query, parameters['position_kernel']!));
        const share = tf.sigmoid(linear(hidden, tf.reshape(parameters['position_vector']!, [-1, 1])));
        const centre = tf.mul(countOf(allowed), share); // [N, T, 1]
        const distance = tf.sub(tf.range(0, keys), centre); // [N, T, Tk]
        const window = asked(distance, (x) => tf.logicalAnd(allowed, tf.lessEqual(tf.abs(x), halfWidth)));
        const deviation = halfWidth / 2;
        const bell = tf.exp(tf.div(tf.square(distance), -2 * deviation ** 2));
        const weights = tf.mul<tf.Tensor3D>(maskedSoftmax(scores, window), bell);
        return { weights: renormalize ? overSum(weights) : weights, between: { centre } };
      },
    }),
  }),
  cost(tally, config, use) {
    const { queryWidth, units } = config;
    addLuong(tally, config, use);
    tally.parameters((queryWidth + 1) * units);
    const rows = use.batch * use.queries;
    tally.product({ m: rows, k: queryWidth, n: units }, use.calls).product({ m: rows, k: units, n: 1 }, use.calls);
    tally.functions(use.calls * rows * (units + 1 + use.keys));
  },
};
