import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { buildMechanism } from '../build.js';
import { addAdditive } from '../cost/mechanism-use.js';
import type { AdditiveComparison } from '../comparison.js';
import type { MechanismDefinition, Parameters } from '../definition.js';
import { nameOr } from '../fields.js';
import { projected } from '../fit.js';
import { arXiv } from '../formula.js';
import { glorotUniform } from '../initializers.js';
import { linear } from '../linear.js';
import * as m from '../math-ml.js';
import type { AttentionMechanism } from '../mechanism.js';
import { additiveFields, additiveParameters, compareAdditively, type AdditiveOptions } from './additive.js';

export type CoverageOptions = AdditiveOptions;
export type CoverageConfig = { readonly kind: 'coverage' } & Required<CoverageOptions>;

/**
 * Additive attention that is told where it has looked: e_tj = vᵀ tanh(W₂ s_t + W₁ h_j + w_c c_tj + b), with the coverage
 * c_t = Σ_{t' < t} α_t', the sum of the weights before dropout of all steps before.
 *
 * It keeps a state, so steps come one after the other. The state's tensor is coverage [N, Tk], 0 before the first step.
 *
 * Parameters: those of additive attention, and coverage_kernel w_c [1, U].
 *
 * @throws HeedError CONFIG_INVALID
 * @see See, Liu & Manning 2017, arXiv:1704.04368, eq. 10 and 11; Tu et al. 2016, arXiv:1601.04811
 */
export function coverage(options: CoverageOptions): AttentionMechanism<CoverageConfig> {
  return buildMechanism(coverageDefinition, { ...options, kind: 'coverage' });
}

/** What has been looked at: a letter of its own, as c is the context here. */
const covered = (below: string): string => m.symbol('α', 'κ', below);
const earlier = m.row('<mi>k</mi>', m.o('&lt;'), m.i);

/** The score of additive attention that is told κ. */
export const coverageScore = m.row(
  m.v,
  m.apply(
    'tanh',
    m.row(m.W('2'), m.s, m.o('+'), m.W('1'), m.h, m.o('+'), m.row(m.symbol('W', 'w'), covered(m.ij)), m.o('+'), m.b),
  ),
);

export const coverageDefinition: MechanismDefinition<CoverageConfig, CoverageOptions> = {
  kind: 'coverage',
  title: 'Additive with coverage',
  formula: {
    text: 'vᵀ tanh(W₂ s + W₁ h + w κ + b), κ the sum of the weights of the steps before',
    score: coverageScore,
    state: m.row(covered(m.ij), m.o('='), m.sum(earlier), m.symbol('α', 'α', m.row('<mi>k</mi>', m.j))),
    papers: [
      arXiv('1704.04368', 'See, Liu & Manning 2017', 'eq. 10 and 11'),
      arXiv('1601.04811', 'Tu, Lu, Liu, Liu & Li 2016', '§3'),
    ],
  },
  schema: v.strictObject({ kind: v.literal('coverage'), name: nameOr('coverage'), ...additiveFields }),
  fit: projected,
  suggest: ({ width }) => ({ units: width }),
  widths: ({ queryWidth, memoryWidth }) => ({ queryWidth, memoryWidth, contextWidth: memoryWidth }),
  parameters: (config) => ({
    ...additiveParameters(config),
    coverage_kernel: {
      shape: [1, config.units],
      // The stream under which models drew this kernel when it was theirs: a seed still gives the same numbers.
      initial: () => glorotUniform([1, config.units], { seed: config.seed, stream: 'coverage/kernel' }),
    },
  }),
  bind: (_, parameters) => ({
    project: (keys, values) => ({ keys: linear(keys, parameters['memory_kernel']), values: tf.clone(values) }),
    compare(query, memory, { state: { coverage } }) {
      return tellCoverage(compareAdditively(query, memory, parameters), tf.expandDims(coverage!, 2), parameters);
    },
  }),
  state: {
    shapes: (keys) => ({ coverage: [keys] }),
    alongKeys: ['coverage'],
    next: ({ coverage }, { weights }) => ({ coverage: tf.add(coverage, weights) }),
  },
  cost(tally, config, use) {
    const { units, bias, normalized } = config;
    addAdditive(tally, use, config);
    tally.parameters(bias ? units : 0, normalized ? 1 : 0, units);
    const told = { m: use.batch * use.keys, k: 1, n: units };
    const steps = use.calls * use.queries;
    // The first step is told of zeros.
    if (steps > 0) tally.productOfConstant(told).product(told, steps - 1);
  },
};

/**
 * What coverage adds depends on the step and on the position, so a step has keys of its own.
 *
 * @param coverage κ, [N, Tk, d]
 */
export const tellCoverage = (
  comparison: AdditiveComparison,
  coverage: tf.Tensor3D,
  { coverage_kernel: kernel }: Parameters,
): AdditiveComparison => ({ ...comparison, key: tf.add(comparison.key, linear(coverage, kernel!)) });
