import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { buildMechanism } from '../build.js';
import type { MechanismDefinition, Parameters } from '../definition.js';
import { finite, nameOr, seed, width } from '../fields.js';
import { projected } from '../fit.js';
import { arXiv } from '../formula.js';
import { glorotUniform } from '../initializers.js';
import { linear } from '../linear.js';
import * as m from '../math-ml.js';
import type { AttentionMechanism } from '../mechanism.js';
import type { ParameterSpec } from '../parameters.js';
import { onlyWhere } from '../weigh.js';

const VERSIONS = ['V0', 'V2'] as const;

export interface GmmOptions {
  readonly queryWidth: number;
  readonly memoryWidth: number;
  /** K, how many bells there are; 5 by default. */
  readonly components?: number;
  /** 'V2' by default, whose bells have an area of 1 between them; 'V0' is Graves' own form. */
  readonly version?: (typeof VERSIONS)[number];
  /** Width of the hidden layer of V2; V0 has none. */
  readonly units?: number;
  /** Where the first position sits; 0 by default. Graves counts from 1. */
  readonly origin?: number;
  /** Seed of the initial parameters. */
  readonly seed: number;
  /** Begins the variables' names; 'gmm' by default. */
  readonly name?: string;
}
export type GmmConfig = { readonly kind: 'gmm' } & Required<GmmOptions>;

/**
 * Attention by a mixture of K bells that only move forward over positions u_j = j + origin, whatever the memory holds.
 *
 * V0: (a, b, d) = W s + c, μ_i = μ_{i−1} + exp(d), α_ij = Σ_k exp(a_k) exp(−exp(b_k) (μ_ik − u_j)²).
 * V2: (a, d, z) = W tanh(W′ s + c′) + c, μ_i = μ_{i−1} + softplus(d), σ = softplus(z),
 * α_ij = Σ_k softmax(a)_k exp(−(u_j − μ_ik)² / 2σ_k²) / √(2πσ_k²).
 *
 * Weights aren't made to sum to 1. The scores that `parts` shows are what the mixture gives before masks.
 *
 * It keeps a state, so steps come one after the other: mu [N, K], 0 at first.
 *
 * Parameters: kernel W [Q or units, 3K], bias c [3K]; in V2 hidden_kernel W′ [Q, units], hidden_bias c′ [units].
 *
 * @throws HeedError CONFIG_INVALID
 * @see Graves 2013, arXiv:1308.0850, eq. 46–51; Battenberg et al. 2019, arXiv:1910.10288, §2.2 and table 1
 */
export function gmm(options: GmmOptions): AttentionMechanism<GmmConfig> {
  return buildMechanism(gmmDefinition, { ...options, kind: 'gmm' });
}

const bell = m.row(
  m.symbol('W', 'φ', '<mi>k</mi>'),
  m.apply(
    'exp',
    m.row(
      m.o('−'),
      m.symbol('W', 'β', '<mi>k</mi>'),
      `<msup>${m.bracket(m.row(m.symbol('W', 'μ', '<mrow><mi>i</mi><mi>k</mi></mrow>'), m.o('−'), m.j))}<mn>2</mn></msup>`,
    ),
  ),
);

export const gmmDefinition: MechanismDefinition<GmmConfig, GmmOptions> = {
  kind: 'gmm',
  title: 'Mixture of Gaussians (Graves)',
  formula: {
    text: 'Σₖ φₖ exp(−βₖ (μₖ − j)²), φ, β and how far μ moves made of s, j the position of h',
    score: m.row(m.sum('<mi>k</mi>'), bell),
    state: m.row(
      m.symbol('W', 'μ', m.i),
      m.o('='),
      m.symbol('W', 'μ', m.row(m.i, m.o('−'), '<mn>1</mn>')),
      m.o('+'),
      m.symbol('W', 'δ', m.i),
    ),
    papers: [
      arXiv('1308.0850', 'Graves 2013', 'eq. 46–51'),
      arXiv('1910.10288', 'Battenberg et al. 2019', '§2.2 and table 1'),
    ],
  },
  schema: v.strictObject({
    kind: v.literal('gmm'),
    name: nameOr('gmm'),
    queryWidth: width,
    memoryWidth: width,
    components: v.optional(width, 5),
    version: v.optional(v.picklist(VERSIONS), 'V2'),
    units: v.optional(width, 64),
    origin: v.optional(finite, 0),
    seed,
  }),
  fit: projected,
  suggest: ({ width }) => ({ units: width }),
  widths: ({ queryWidth, memoryWidth }) => ({ queryWidth, memoryWidth, contextWidth: memoryWidth }),
  weighs: true,
  parameters({ queryWidth, units, components, version, seed }) {
    const kernel = (stream: string, fanIn: number, fanOut: number): ParameterSpec => ({
      shape: [fanIn, fanOut],
      initial: () => glorotUniform([fanIn, fanOut], { seed, stream }),
    });
    const zeros = (length: number): ParameterSpec => ({ shape: [length], initial: () => new Float32Array(length) });
    return {
      ...(version === 'V2' && { hidden_kernel: kernel('hidden_kernel', queryWidth, units), hidden_bias: zeros(units) }),
      kernel: kernel('kernel', version === 'V2' ? units : queryWidth, 3 * components),
      bias: zeros(3 * components),
    };
  },
  bind: (config, parameters) => ({
    project: (keys, values) => ({ keys: tf.clone(keys), values: tf.clone(values) }),
    compare(query, { values }, { state }) {
      const { scores, mu } = mixture(config, parameters, query, state['mu']!, values.shape[1]!);
      return {
        op: 'weightedContext',
        scores,
        value: values,
        weigh: (shown, allowed) => ({ weights: onlyWhere(allowed, shown), between: { mu } }),
      };
    },
  }),
  state: {
    shapes: (_, { components }) => ({ mu: [components] }),
    next: (_, { between }) => ({ mu: tf.squeeze(between['mu']!, [1]) }),
  },
  cost(tally, { queryWidth, memoryWidth, units, components, version }, { batch, keys, queries, calls }) {
    const isDeep = version === 'V2';
    const into = isDeep ? units : queryWidth;
    tally.parameters(isDeep ? (queryWidth + 1) * units : 0, (into + 1) * 3 * components);
    const rows = batch * queries;
    if (isDeep) tally.product({ m: rows, k: queryWidth, n: units }, calls);
    tally.product({ m: rows, k: into, n: 3 * components }, calls);
    tally.product({ m: queries, k: keys, n: memoryWidth }, batch * calls);
    tally.functions(calls * rows * (keys + 3) * components);
  },
};

/** What the bells give at each position, [N, 1, Tk], and where they stand, [N, 1, K]. */
function mixture(
  { version, components, origin }: GmmConfig,
  { kernel, bias, hidden_kernel: hiddenKernel, hidden_bias: hiddenBias }: Parameters,
  query: tf.Tensor3D,
  before: tf.Tensor,
  keys: number,
): { readonly scores: tf.Tensor3D; readonly mu: tf.Tensor3D } {
  const [rows, time] = query.shape;
  if (rows * time === 0) return { scores: tf.zeros([rows, time, keys]), mu: tf.zeros([rows, time, components]) };
  const hidden = hiddenKernel === undefined ? query : tf.tanh(linear(query, hiddenKernel, hiddenBias));
  const [first, second, third] = tf.split(linear(hidden, kernel!, bias), 3, 2) as [
    tf.Tensor3D,
    tf.Tensor3D,
    tf.Tensor3D,
  ];
  const isDeep = version === 'V2';
  const moves = isDeep ? tf.softplus(second) : tf.exp(third);
  const mu = tf.add(tf.expandDims(before, 1), moves) as tf.Tensor3D; // [N, 1, K]
  const positions = tf.reshape(tf.add(tf.range(0, keys), origin), [1, 1, 1, keys]);
  const away = tf.square(tf.sub(tf.expandDims(mu, 3), positions)); // [N, 1, K, Tk]
  const wide = (x: tf.Tensor): tf.Tensor => tf.expandDims(x, 3);
  if (!isDeep) {
    const bells = tf.mul(wide(tf.exp(first)), tf.exp(tf.neg(tf.mul(wide(tf.exp(second)), away))));
    return { scores: tf.sum(bells, 2), mu };
  }
  const deviation = tf.softplus(third);
  const heights = tf.div(tf.softmax(first), tf.mul(deviation, Math.sqrt(2 * Math.PI)));
  const bells = tf.mul(wide(heights), tf.exp(tf.neg(tf.div(away, wide(tf.mul(2, tf.square(deviation)))))));
  return { scores: tf.sum(bells, 2), mu };
}
