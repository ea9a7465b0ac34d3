import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { buildMechanism } from '../build.js';
import { addAdditive } from '../cost/mechanism-use.js';
import type { MechanismDefinition } from '../definition.js';
import { nameOr, positive } from '../fields.js';
import { projected } from '../fit.js';
import { arXiv } from '../formula.js';
import { glorotUniform } from '../initializers.js';
import { linear } from '../linear.js';
import * as m from '../math-ml.js';
import type { AttentionMechanism } from '../mechanism.js';
import { additiveFields, compareAdditively } from './additive.js';
import { coverageDefinition, coverageScore, tellCoverage, type CoverageOptions } from './coverage.js';

export interface CoverageLinguisticOptions extends CoverageOptions {
  /** N, how many times the weight of a step a position can take at most before it counts as covered; 2 by default, as in the paper. */
  readonly maxFertility?: number;
}
export type CoverageLinguisticConfig = { readonly kind: 'coverageLinguistic' } & Required<CoverageLinguisticOptions>;

/**
 * Coverage that knows how much each position has to give: e_ij = vᵀ tanh(W₂ s_i + W₁ h_j + w_c κ_ij + b), as `coverage`, but
 * κ_i = κ_{i−1} + α_{i−1} / φ, with the fertility φ_j = N σ(u·h_j) of each position.
 *
 * It keeps a state, so steps come one after the other. The state's tensor is coverage κ [N, Tk], 0 before the first step.
 *
 * Parameters: those of `coverage`, and fertility_kernel u [M].
 *
 * @throws HeedError CONFIG_INVALID
 * @see Tu et al. 2016, arXiv:1601.04811, §3.1
 */
export function coverageLinguistic(options: CoverageLinguisticOptions): AttentionMechanism<CoverageLinguisticConfig> {
  return buildMechanism(coverageLinguisticDefinition, { ...options, kind: 'coverageLinguistic' });
}

export const coverageLinguisticDefinition: MechanismDefinition<CoverageLinguisticConfig, CoverageLinguisticOptions> = {
  kind: 'coverageLinguistic',
  title: 'Additive with linguistic coverage',
  formula: {
    text: 'vᵀ tanh(W₂ s + W₁ h + w κ + b), κ the sum of the weights of the steps before over the fertility N σ(u·h)',
    score: coverageScore,
    state: m.row(
      m.symbol('α', 'κ', m.ij),
      m.o('='),
      m.symbol('α', 'κ', m.stepBefore),
      m.o('+'),
      m.fraction(
        m.symbol('α', 'α', m.stepBefore),
        m.row(m.name('N'), m.apply('σ', m.row(m.transposed(m.symbol('W', 'u')), m.h))),
      ),
    ),
    papers: [arXiv('1601.04811', 'Tu, Lu, Liu, Liu & Li 2016', '§3.1')],
  },
  schema: v.strictObject({
    kind: v.literal('coverageLinguistic'),
    name: nameOr('coverageLinguistic'),
    ...additiveFields,
    maxFertility: v.optional(positive, 2),
  }),
  fit: projected,
  suggest: ({ width }) => ({ units: width }),
  widths: ({ queryWidth, memoryWidth }) => ({ queryWidth, memoryWidth, contextWidth: memoryWidth }),
  parameters: (config) => ({
    ...coverageDefinition.parameters({ ...config, kind: 'coverage' }),
    fertility_kernel: {
      shape: [config.memoryWidth],
      initial: () => glorotUniform([config.memoryWidth, 1], { seed: config.seed, stream: 'fertility_kernel' }),
    },
  }),
  bind: ({ units, maxFertility }, parameters) => ({
    // The fertility is the same for all steps, so it is the last of the features of a key: [B, Tk, U + 1].
    project(keys, values) {
      const fertility = linear(values, tf.reshape(parameters['fertility_kernel']!, [-1, 1]));
      return {
        keys: tf.concat3d([linear(keys, parameters['memory_kernel']!), tf.mul(maxFertility, tf.sigmoid(fertility))], 2),
        values: tf.clone(values),
      };
    },
    compare(query, memory, { state }) {
      const compared = { keys: tf.slice(memory.keys, [0, 0, 0], [-1, -1, units]), values: memory.values };
      return tellCoverage(
        compareAdditively(query, compared, parameters),
        tf.expandDims(state['coverage']!, 2),
        parameters,
      );
    },
  }),
  state: {
    shapes: (keys) => ({ coverage: [keys] }),
    alongKeys: ['coverage'],
    next({ coverage }, { weights, memory }) {
      const fertility = tf.slice(memory.keys, [0, 0, memory.keys.shape[2]! - 1], [-1, -1, 1]);
      return { coverage: tf.add(coverage!, tf.div(weights, tf.squeeze(fertility, [2]))) };
    },
  },
  cost(tally, config, use) {
    const { units, memoryWidth, bias, normalized } = config;
    addAdditive(tally, use, config);
    tally.parameters(bias ? units : 0, normalized ? 1 : 0, units, memoryWidth);
    if (use.batch === 0) return;
    tally.product({ m: use.batch * use.keys, k: memoryWidth, n: 1 });
    tally.product({ m: use.batch * use.keys, k: 1, n: units }, use.calls * use.queries);
  },
};
