import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { buildMechanism } from '../build.js';
import { addAdditive } from '../cost/mechanism-use.js';
import type { MechanismDefinition } from '../definition.js';
import { nameOr } from '../fields.js';
import { projected } from '../fit.js';
import { arXiv } from '../formula.js';
import { linear } from '../linear.js';
import * as m from '../math-ml.js';
import type { AttentionMechanism } from '../mechanism.js';
import { alignmentState, hardAlignment, MODES, softAlignment, type MonotonicMode } from './monotonic-alignment.js';
import {
  monotonicEnergies,
  monotonicFields,
  monotonicParameters,
  type MonotonicEnergyOptions,
} from './monotonic-energies.js';

export interface MonotonicOptions extends MonotonicEnergyOptions {
  /**
   * 'soft' by default: the expected alignment, which has gradients, for training. 'hard' stops at one position, for decoding:
   * `createMechanism({ ...config, mode: 'hard' }, parameters)`; no gradient reaches its scores.
   */
  readonly mode?: MonotonicMode;
}
export type MonotonicConfig = { readonly kind: 'monotonic' } & Required<MonotonicOptions>;

/**
 * Monotonic attention: each step begins at the position where the step before stopped, and stops at position j with
 * p_ij = σ(e_ij), e_ij = g·(v/‖v‖)ᵀ tanh(W₂ s_i + W₁ h_j + b) + r, or goes on to the next. Weights are the expected alignment
 * (soft), or 1 at the first p_ij > ½ (hard). A step that passes the last position sees nothing, so rows sum to at most 1.
 *
 * It keeps a state, so steps come one after the other: previous [N, Tk], the weights of the step before, 1 at the first
 * position at first; of hard ones position [N], where it stopped, 0 at first. `parts` has choose p between scores and weights.
 *
 * Parameters: those of additive attention with its gain g [], and offset r [].
 *
 * @throws HeedError CONFIG_INVALID
 * @see Raffel et al. 2017, arXiv:1704.00784, eq. 11–14 and 16, §2.2
 */
export function monotonic(options: MonotonicOptions): AttentionMechanism<MonotonicConfig> {
  return buildMechanism(monotonicDefinition, { ...options, kind: 'monotonic' });
}

export const monotonicDefinition: MechanismDefinition<MonotonicConfig, MonotonicOptions> = {
  kind: 'monotonic',
  title: 'Monotonic (Raffel)',
  formula: {
    text: 'g (v/‖v‖)ᵀ tanh(W₂ s + W₁ h + b) + r, its sigmoid how likely a step stops at h',
    score: m.monotonicEnergy,
    state: m.row(
      m.symbol('α', 'α', m.ij),
      m.o('='),
      m.symbol('e', 'p', m.ij),
      m.bracket(
        m.row(
          m.bracket(m.row('<mn>1</mn>', m.o('−'), m.symbol('e', 'p', m.before))),
          m.fraction(m.symbol('α', 'α', m.before), m.symbol('e', 'p', m.before)),
          m.o('+'),
          m.symbol('α', 'α', m.stepBefore),
        ),
      ),
    ),
    papers: [arXiv('1704.00784', 'Raffel, Luong, Liu, Weiss & Eck 2017', 'eq. 11–14 and 16')],
  },
  schema: v.strictObject({
    kind: v.literal('monotonic'),
    name: nameOr('monotonic'),
    ...monotonicFields,
    mode: v.optional(v.picklist(MODES), 'soft'),
  }),
  fit: projected,
  suggest: ({ width }) => ({ units: width }),
  widths: ({ queryWidth, memoryWidth }) => ({ queryWidth, memoryWidth, contextWidth: memoryWidth }),
  weighs: true,
  parameters: monotonicParameters,
  bind: ({ mode }, parameters) => ({
    project: (keys, values) => ({ keys: linear(keys, parameters['memory_kernel']), values: tf.clone(values) }),
    compare: (query, memory, call) => ({
      op: 'weightedContext',
      scores: monotonicEnergies(query, memory, parameters),
      value: memory.values,
      weigh: (scores, allowed) => (mode === 'soft' ? softAlignment : hardAlignment)(scores, allowed, call),
    }),
  }),
  state: alignmentState,
  cost(tally, config, use) {
    addAdditive(tally, use, config);
    tally.parameters(config.bias ? config.units : 0, 2);
  },
};
