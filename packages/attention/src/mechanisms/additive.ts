import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { buildMechanism } from '../build.js';
import type { AdditiveComparison } from '../comparison.js';
import { addAdditive } from '../cost/mechanism-use.js';
import type { MechanismDefinition, Parameters } from '../definition.js';
import { direction } from '../direction.js';
import { nameOr, seed, width } from '../fields.js';
import { projected } from '../fit.js';
import { arXiv } from '../formula.js';
import { glorotUniform } from '../initializers.js';
import { linear } from '../linear.js';
import * as m from '../math-ml.js';
import type { AttentionMechanism } from '../mechanism.js';
import type { ParameterSpec } from '../parameters.js';
import type { Projection } from '../projection.js';

export interface AdditiveOptions {
  readonly queryWidth: number;
  readonly memoryWidth: number;
  /** U, the width in which query and memory are compared. */
  readonly units: number;
  /** Whether there is a b; true by default. */
  readonly bias?: boolean;
  /** Whether scores are made with g·v/‖v‖ in place of v; false by default. */
  readonly normalized?: boolean;
  /** Seed of the initial parameters. */
  readonly seed: number;
  /** Begins the variables' names; the kind by default. */
  readonly name?: string;
}

export type AdditiveConfig = { readonly kind: 'additive' } & Required<AdditiveOptions>;

/**
 * Bahdanau's additive attention: c_i = Σ_j α_ij h_j with α_i = softmax_j(vᵀ tanh(W₂ s_i + W₁ h_j + b)).
 *
 * Parameters: query_kernel W₂ [Q, U], memory_kernel W₁ [M, U], vector v [U], bias b [U] when asked for; normalized has a
 * gain g [] too, which starts at √(1/U), and scores with g·v/‖v‖.
 *
 * @throws HeedError CONFIG_INVALID
 * @see Bahdanau, Cho & Bengio 2014, arXiv:1409.0473, §3.1 and A.1.2; Salimans & Kingma 2016, arXiv:1602.07868, eq. 2, for
 * the normalised form, which is that of TensorFlow Addons
 */
export function additive(options: AdditiveOptions): AttentionMechanism<AdditiveConfig> {
  return buildMechanism(additiveDefinition, { ...options, kind: 'additive' });
}

/** Options that additive attention and what is made of it have. */
export const additiveFields = {
  queryWidth: width,
  memoryWidth: width,
  units: width,
  bias: v.optional(v.boolean(), true),
  normalized: v.optional(v.boolean(), false),
  seed,
};

export const additiveDefinition: MechanismDefinition<AdditiveConfig, AdditiveOptions> = {
  kind: 'additive',
  title: 'Additive (Bahdanau)',
  formula: {
    text: 'vᵀ tanh(W₂ s + W₁ h + b)',
    score: m.row(m.v, m.apply('tanh', m.row(m.W('2'), m.s, m.o('+'), m.W('1'), m.h, m.o('+'), m.b))),
    papers: [
      arXiv('1409.0473', 'Bahdanau, Cho & Bengio 2014', '§3.1 and A.1.2'),
      arXiv('1602.07868', 'Salimans & Kingma 2016', 'eq. 2'),
    ],
  },
  schema: v.strictObject({ kind: v.literal('additive'), name: nameOr('additive'), ...additiveFields }),
  fit: projected,
  suggest: ({ width }) => ({ units: width }),
  widths: ({ queryWidth, memoryWidth }) => ({ queryWidth, memoryWidth, contextWidth: memoryWidth }),
  parameters: additiveParameters,
  bind: (_, parameters) => ({
    readsAsStored: true,
    project: (keys, values) => ({ keys: linear(keys, parameters['memory_kernel']), values: tf.clone(values) }),
    compare: (query, memory) => compareAdditively(query, memory, parameters),
  }),
  cost(tally, config, use) {
    addAdditive(tally, use, config);
    tally.parameters(config.bias ? config.units : 0, config.normalized ? 1 : 0);
  },
};

/** @param streams begins the streams that parameters are drawn from, where a mechanism has more than one set of these */
export function additiveParameters(
  config: Omit<Required<AdditiveOptions>, 'name'>,
  streams = '',
): Readonly<Record<string, ParameterSpec>> {
  const { queryWidth, memoryWidth, units, seed, bias, normalized } = config;
  const kernel = (stream: string, fanIn: number): ParameterSpec => ({
    shape: [fanIn, units],
    initial: () => glorotUniform([fanIn, units], { seed, stream: `${streams}${stream}` }),
  });
  return {
    query_kernel: kernel('query_kernel', queryWidth),
    memory_kernel: kernel('memory_kernel', memoryWidth),
    vector: { shape: [units], initial: () => glorotUniform([units, 1], { seed, stream: `${streams}vector` }) },
    ...(bias && { bias: { shape: [units], initial: () => new Float32Array(units) } }),
    ...(normalized && { gain: { shape: [], initial: () => Float32Array.of(Math.sqrt(1 / units)) } }),
  };
}

/** The query projected, beside keys that are: with v, or with g·v/‖v‖ where there is a gain g; 0 for a v of 0. */
export function compareAdditively(
  query: tf.Tensor3D,
  { keys, values }: Projection,
  { query_kernel, vector, bias, gain }: Parameters,
): AdditiveComparison {
  return {
    op: 'additiveAttention',
    query: linear(query, query_kernel!, bias),
    key: keys,
    vector: gain === undefined ? vector! : tf.mul(gain, direction(vector!)),
    value: values,
  };
}
