import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { buildMechanism } from '../build.js';
import { addAdditive } from '../cost/mechanism-use.js';
import type { MechanismDefinition, Parameters, SeenStep } from '../definition.js';
import { nameOr, seed, width } from '../fields.js';
import { projected } from '../fit.js';
import { arXiv } from '../formula.js';
import { glorotUniform } from '../initializers.js';
import { linear } from '../linear.js';
import * as m from '../math-ml.js';
import type { AttentionMechanism } from '../mechanism.js';
import type { ParameterSpec } from '../parameters.js';
import { asStep, factoredSoftmax, fromBefore, maskedSoftmax } from '../weigh.js';
import { additiveParameters, compareAdditively } from './additive.js';
import { atFirst } from './monotonic-energies.js';

export interface ForwardOptions {
  /** Q, of the decoder's state s. */
  readonly queryWidth: number;
  readonly memoryWidth: number;
  /** U, the width in which query and memory are compared. */
  readonly units: number;
  /** Whether a transition agent decides how likely the next step goes on; false by default. */
  readonly agent?: boolean;
  /** Width of the agent's hidden layer; 32 by default. */
  readonly agentUnits?: number;
  /** O, width of what the decoder wrote last, o_{i−1}, when the agent is told of it: queries are then [s; o], [N, Q + O]. 0 by default. */
  readonly outputWidth?: number;
  /** Whether there is a b; true by default. */
  readonly bias?: boolean;
  /** Seed of the initial parameters. */
  readonly seed: number;
  /** Begins the variables' names; 'forward' by default. */
  readonly name?: string;
}
export type ForwardConfig = { readonly kind: 'forward' } & Required<ForwardOptions>;

/**
 * Forward attention: additive attention y_i = softmax_j(vᵀ tanh(W₂ s_i + W₁ h_j + b)), but only where the step before looked, or one
 * further: α_ij ∝ ((1 − u_{i−1}) α_{i−1,j} + u_{i−1} α_{i−1,j−1}) y_ij. Without an agent both count alike; with one,
 * u_i = σ(aᵀ tanh(A [c_i; o_{i−1}; s_i] + d) + r) says how likely the next step goes on. A row that reaches nothing is 0.
 *
 * It keeps a state, so steps come one after the other: previous [N, Tk], the weights of the step before, 1 at the first position at
 * first; with an agent transition u [N], ½ at first. `parts` has softmax y between scores and weights.
 *
 * Parameters: those of additive attention; with an agent agent_kernel A [M + O + Q, agentUnits], agent_bias d [agentUnits],
 * agent_vector a [agentUnits], agent_offset r [].
 *
 * @throws HeedError CONFIG_INVALID
 * @see Zhang, Ling & Dai 2018, arXiv:1807.06736, Algorithms 1 and 2
 */
export function forward(options: ForwardOptions): AttentionMechanism<ForwardConfig> {
  return buildMechanism(forwardDefinition, { ...options, kind: 'forward' });
}

export const forwardDefinition: MechanismDefinition<ForwardConfig, ForwardOptions> = {
  kind: 'forward',
  title: 'Forward (Zhang)',
  formula: {
    text: 'vᵀ tanh(W₂ s + W₁ h + b), its softmax times the weights of the step before at h and just before it',
    score: m.row(m.v, m.apply('tanh', m.row(m.W('2'), m.s, m.o('+'), m.W('1'), m.h, m.o('+'), m.b))),
    state: m.row(
      m.symbol('α', 'α', m.ij),
      m.o('∝'),
      m.bracket(m.row(m.symbol('α', 'α', m.stepBefore), m.o('+'), m.symbol('α', 'α', m.bothBefore))),
      m.apply('softmax', m.symbol('e', 'e', m.ij)),
    ),
    papers: [arXiv('1807.06736', 'Zhang, Ling & Dai 2018', 'Algorithms 1 and 2')],
  },
  schema: v.pipe(
    v.strictObject({
      kind: v.literal('forward'),
      name: nameOr('forward'),
      queryWidth: width,
      memoryWidth: width,
      units: width,
      agent: v.optional(v.boolean(), false),
      agentUnits: v.optional(width, 32),
      outputWidth: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65536)), 0),
      bias: v.optional(v.boolean(), true),
      seed,
    }),
    v.check(({ agent, outputWidth }) => agent || outputWidth === 0, 'outputWidth is for an agent: set agent too'),
  ),
  fit: projected,
  suggest: ({ width }) => ({ units: width }),
  widths: ({ queryWidth, memoryWidth, outputWidth }) => ({
    queryWidth: queryWidth + outputWidth,
    memoryWidth,
    contextWidth: memoryWidth,
  }),
  weighs: true,
  parameters: (config) => ({
    ...additiveParameters({ ...config, normalized: false }),
    ...(config.agent && agentParameters(config)),
  }),
  bind: ({ queryWidth }, parameters) => ({
    project: (keys, values) => ({ keys: linear(keys, parameters['memory_kernel']!), values: tf.clone(values) }),
    compare: (query, memory, { state: { previous, transition } }) => ({
      ...compareAdditively(tf.slice(query, [0, 0, 0], [-1, -1, queryWidth]), memory, parameters),
      weigh(scores, allowed) {
        const softmax = maskedSoftmax(scores, allowed);
        const stayed = asStep(previous!);
        const moved = fromBefore(stayed);
        const goesOn = transition && tf.reshape(transition, [-1, 1, 1]);
        const reached =
          goesOn === undefined
            ? tf.add<tf.Tensor3D>(stayed, moved)
            : tf.add<tf.Tensor3D>(tf.mul(tf.sub(1, goesOn), stayed), tf.mul(goesOn, moved));
        return { weights: factoredSoftmax(reached, scores, allowed), between: { softmax } };
      },
    }),
  }),
  state: {
    shapes: (keys, { agent }) => ({ previous: [keys], ...(agent && { transition: [] }) }),
    initial: (name, keys) => (name === 'previous' ? atFirst(keys) : [0.5]),
    alongKeys: ['previous'],
    next: ({ transition }, seen) => ({
      previous: seen.weights,
      ...(transition && { transition: transitionAfter(seen, seen.parameters) }),
    }),
  },
  cost(tally, config, use) {
    const { queryWidth, memoryWidth, units, bias, agent, agentUnits, outputWidth } = config;
    addAdditive(tally, use, config);
    tally.parameters(bias ? units : 0);
    if (!agent) return;
    const told = memoryWidth + outputWidth + queryWidth;
    tally.parameters((told + 2) * agentUnits + 1);
    if (use.batch === 0) return;
    const steps = use.calls * use.queries;
    tally
      .product({ m: use.batch, k: told, n: agentUnits }, steps)
      .product({ m: use.batch, k: agentUnits, n: 1 }, steps);
  },
};

function agentParameters({
  queryWidth,
  memoryWidth,
  outputWidth,
  agentUnits,
  seed,
}: ForwardConfig): Readonly<Record<string, ParameterSpec>> {
  const told = memoryWidth + outputWidth + queryWidth;
  return {
    agent_kernel: {
      shape: [told, agentUnits],
      initial: () => glorotUniform([told, agentUnits], { seed, stream: 'agent_kernel' }),
    },
    agent_bias: { shape: [agentUnits], initial: () => new Float32Array(agentUnits) },
    agent_vector: {
      shape: [agentUnits],
      initial: () => glorotUniform([agentUnits, 1], { seed, stream: 'agent_vector' }),
    },
    agent_offset: { shape: [], initial: () => new Float32Array(1) },
  };
}

/** u of the step: how likely the next one goes on, [N]. */
function transitionAfter({ weights, query, memory }: SeenStep, parameters: Parameters): tf.Tensor {
  const {
    agent_kernel: kernel,
    agent_bias: bias,
    agent_vector: vector,
    agent_offset: offset,
    query_kernel: compared,
  } = parameters;
  const [rows, wide] = query.shape;
  const queryWidth = compared!.shape[0]!;
  const state = tf.slice(query, [0, 0], [rows, queryWidth]);
  const output = tf.slice(query, [0, queryWidth], [rows, wide - queryWidth]);
  if (rows * weights.size === 0) return tf.fill([rows], 0.5);
  // Of the weights before dropout: what is dropped for the decoder changes no later weights.
  const context = tf.squeeze(tf.matMul(tf.expandDims(weights, 1), memory.values), [1]);
  const told = tf.concat(wide === queryWidth ? [context, state] : [context, output, state], 1) as tf.Tensor2D;
  const hidden = tf.tanh(tf.add(tf.matMul(told, kernel as tf.Tensor), bias!));
  const score = tf.matMul(hidden, tf.reshape(vector!, [-1, 1])); // [N, 1]
  return tf.sigmoid(tf.add(tf.reshape(score, [rows]), offset!));
}
