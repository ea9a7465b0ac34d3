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
import { asStep, fromBefore, onlyWhere } from '../weigh.js';
import {
  atFirst,
  chances,
  monotonicEnergies,
  monotonicFields,
  monotonicParameters,
  type MonotonicEnergyOptions,
} from './monotonic-energies.js';

export type StepwiseMonotonicOptions = MonotonicEnergyOptions;
export type StepwiseMonotonicConfig = { readonly kind: 'stepwiseMonotonic' } & Required<StepwiseMonotonicOptions>;

/**
 * Stepwise monotonic attention: each step stays at its position j with p_ij = σ(e_ij), or goes on to the next one, never further:
 * α_ij = α_{i−1,j} p_ij + α_{i−1,j−1} (1 − p_{i,j−1}), with the energies e of `monotonic`. What goes on from the last position is
 * lost, so rows sum to at most 1.
 *
 * It keeps a state, so steps come one after the other: previous [N, Tk], the weights of the step before, 1 at the first position at
 * first. `parts` has stay p between scores and weights.
 *
 * Parameters: those of `monotonic`.
 *
 * @throws HeedError CONFIG_INVALID
 * @see He, Deng & He 2019, arXiv:1906.00672, eq. 9
 */
export function stepwiseMonotonic(options: StepwiseMonotonicOptions): AttentionMechanism<StepwiseMonotonicConfig> {
  return buildMechanism(stepwiseMonotonicDefinition, { ...options, kind: 'stepwiseMonotonic' });
}

export const stepwiseMonotonicDefinition: MechanismDefinition<StepwiseMonotonicConfig, StepwiseMonotonicOptions> = {
  kind: 'stepwiseMonotonic',
  title: 'Stepwise monotonic',
  formula: {
    text: 'g (v/‖v‖)ᵀ tanh(W₂ s + W₁ h + b) + r, its sigmoid how likely a step stays at h rather than goes on by one',
    score: m.monotonicEnergy,
    state: m.row(
      m.symbol('α', 'α', m.ij),
      m.o('='),
      m.symbol('α', 'α', m.stepBefore),
      m.symbol('e', 'p', m.ij),
      m.o('+'),
      m.symbol('α', 'α', m.bothBefore),
      m.bracket(m.row('<mn>1</mn>', m.o('−'), m.symbol('e', 'p', m.before))),
    ),
    papers: [arXiv('1906.00672', 'He, Deng & He 2019', 'eq. 9')],
  },
  schema: v.strictObject({
    kind: v.literal('stepwiseMonotonic'),
    name: nameOr('stepwiseMonotonic'),
    ...monotonicFields,
  }),
  fit: projected,
  suggest: ({ width }) => ({ units: width }),
  widths: ({ queryWidth, memoryWidth }) => ({ queryWidth, memoryWidth, contextWidth: memoryWidth }),
  weighs: true,
  parameters: monotonicParameters,
  bind: (_, parameters) => ({
    project: (keys, values) => ({ keys: linear(keys, parameters['memory_kernel']!), values: tf.clone(values) }),
    compare: (query, memory, { state }) => ({
      op: 'weightedContext',
      scores: monotonicEnergies(query, memory, parameters),
      value: memory.values,
      weigh(scores, allowed) {
        const { chosen: stay, passed } = chances(scores, allowed);
        const previous = asStep(state['previous']!);
        const moved = fromBefore(tf.mul(previous, passed));
        return { weights: onlyWhere(allowed, tf.add(tf.mul(previous, stay), moved)), between: { stay } };
      },
    }),
  }),
  state: {
    shapes: (keys) => ({ previous: [keys] }),
    initial: (_, keys) => atFirst(keys),
    alongKeys: ['previous'],
    next: (_, { weights }) => ({ previous: weights }),
  },
  cost(tally, config, use) {
    addAdditive(tally, use, config);
    tally.parameters(config.bias ? config.units : 0, 2);
  },
};
