import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { both, weightedContext } from '@heed/core';
import { buildMechanism } from '../build.js';
import { addAdditive } from '../cost/mechanism-use.js';
import type { MechanismDefinition, Parameters } from '../definition.js';
import { nameOr, seed, width } from '../fields.js';
import { projected } from '../fit.js';
import { arXiv } from '../formula.js';
import { glorotUniform } from '../initializers.js';
import { linear } from '../linear.js';
import * as m from '../math-ml.js';
import type { AttentionMechanism } from '../mechanism.js';
import { restOf, withPosition } from '../own-position.js';
import type { ParameterSpec } from '../parameters.js';

export interface VisualSentinelOptions {
  readonly queryWidth: number;
  /** M, also the width of the sentinel, as both are averaged. */
  readonly memoryWidth: number;
  /** U, the width in which query, memory and sentinel are compared. */
  readonly units: number;
  /**
   * Whether a query is what an LSTM has at a step, [h_t | m_t | h_{t−1} | x_t] end to end, with hidden states and cell m of width M: the sentinel
   * is then the paper's. By default a query is one vector, and what the LSTM would give are projections of it.
   */
  readonly fromCell?: boolean;
  /** Seed of the initial parameters. */
  readonly seed: number;
  /** Begins the variables' names; 'visualSentinel' by default. */
  readonly name?: string;
}

export type VisualSentinelConfig = { readonly kind: 'visualSentinel' } & Required<VisualSentinelOptions>;

/**
 * Adaptive attention: besides the memory a query may attend to a sentinel, which is made of what the decoder knows already, and so need not look
 * at all. With the sentinel ŝ_t = σ(W_x x_t + W_h h_{t−1}) ⊙ tanh(m_t), scores z_tj = vᵀ tanh(W₁ h_j + W₂ s_t) and ẑ_t = vᵀ tanh(W₃ ŝ_t + W₂ s_t):
 * c_t = β_t ŝ_t + (1 − β_t) Σ_j α_tj h_j, where α_t is the softmax of the scores and β_t the last entry of that of [z_t; ẑ_t].
 *
 * Weights are (1 − β) α, so that rows sum to 1 − β; a row without keys is 0, and its context is the sentinel. `parts` has the sentinel [B, T, M], the
 * gate beta [B, T], regionWeights α [B, T, Tk] and regionContext Σ α h [B, T, M]. Masks, biases, hooks and dropout don't reach the sentinel.
 *
 * Queries of a decoder with an LSTM are joined from its states where `fromCell` is true: then s_t is h_t. Else ŝ_t = σ(W_g s_t) ⊙ tanh(W_m s_t).
 *
 * Parameters: memory_kernel W₁ [M, U], query_kernel W₂ [M, U] ([Q, U] without `fromCell`), sentinel_kernel W₃ [M, U], vector v [U]; input_kernel W_x
 * [Q − 3M, M] and hidden_kernel W_h [M, M], or without `fromCell` gate_kernel W_g [Q, M] and cell_kernel W_m [Q, M].
 *
 * @throws HeedError CONFIG_INVALID
 * @see Lu, Xiong, Parikh & Socher 2017, arXiv:1612.01887, eq. 6–13
 */
export function visualSentinel(options: VisualSentinelOptions): AttentionMechanism<VisualSentinelConfig> {
  return buildMechanism(visualSentinelDefinition, { ...options, kind: 'visualSentinel' });
}

/** h_t, m_t and h_{t−1} of a query. */
const STATES = 3;

const sentinel = m.symbol('h', 'ŝ', m.i);
const gate = m.symbol('α', 'β', m.i);

export const visualSentinelDefinition: MechanismDefinition<VisualSentinelConfig, VisualSentinelOptions> = {
  kind: 'visualSentinel',
  title: 'Visual sentinel (adaptive)',
  formula: {
    text: 'vᵀ tanh(W₁ h + W₂ s), and the same of a sentinel σ(W_x x + W_h s₋₁) ⊙ tanh(m) in place of h, for not looking',
    score: m.row(m.v, m.apply('tanh', m.row(m.W('1'), m.h, m.o('+'), m.W('2'), m.s))),
    state: m.row(
      m.symbol('c', 'c', m.i),
      m.o('='),
      gate,
      sentinel,
      m.o('+'),
      m.bracket(m.row('<mn>1</mn>', m.o('−'), gate)),
      m.sum(m.j),
      m.symbol('α', 'α', m.ij),
      m.h,
    ),
    papers: [arXiv('1612.01887', 'Lu, Xiong, Parikh & Socher 2017', 'eq. 6–13')],
  },
  schema: v.pipe(
    v.strictObject({
      kind: v.literal('visualSentinel'),
      name: nameOr('visualSentinel'),
      queryWidth: width,
      memoryWidth: width,
      units: width,
      fromCell: v.optional(v.boolean(), false),
      seed,
    }),
    v.check(
      ({ fromCell, queryWidth, memoryWidth }) => !fromCell || queryWidth > STATES * memoryWidth,
      'fromCell needs queries [h | m | h before | x], wider than three times memoryWidth',
    ),
  ),
  fit: projected,
  suggest: ({ width }) => ({ units: width }),
  widths: ({ queryWidth, memoryWidth }) => ({ queryWidth, memoryWidth, contextWidth: memoryWidth }),
  weighs: true,
  parameters(config) {
    const { units, memoryWidth, seed } = config;
    const specs = Object.entries(kernelsOf(config)).map(([stream, shape]): [string, ParameterSpec] => [
      stream,
      { shape, initial: () => glorotUniform(shape, { seed, stream }) },
    ]);
    return {
      memory_kernel: {
        shape: [memoryWidth, units],
        initial: () => glorotUniform([memoryWidth, units], { seed, stream: 'memory_kernel' }),
      },
      ...Object.fromEntries(specs),
      vector: { shape: [units], initial: () => glorotUniform([units, 1], { seed, stream: 'vector' }) },
    };
  },
  bind: (config, parameters) => ({
    project: (keys, values) => ({ keys: linear(keys, parameters['memory_kernel']!), values: tf.clone(values) }),
    compare(query, { keys, values }) {
      const asked = linear(hiddenOf(config, query), parameters['query_kernel']!);
      const value = sentinelOf(config, query, parameters);
      const told = linear(value, parameters['sentinel_kernel']!);
      const logits = tf.sum(tf.mul(tf.tanh(tf.add(told, asked)), parameters['vector']!), -1); // [N, T]
      return {
        op: 'additiveAttention',
        query: asked,
        key: keys,
        vector: parameters['vector']!,
        value: values,
        finish: (seen) => withPosition(seen, { logits, value }),
      };
    },
    between(query, { values }, { masks }, { scores, changed = scores, weights }) {
      const mask = masks.length > 0 ? both(...masks) : undefined;
      const region = weightedContext(changed, values, { mask, returnWeights: true });
      return {
        sentinel: sentinelOf(config, query, parameters),
        beta: restOf(weights),
        regionWeights: region.weights,
        regionContext: region.context,
      };
    },
  }),
  cost(tally, config, use) {
    const { queryWidth, memoryWidth, units, fromCell } = config;
    const rows = use.batch * use.queries;
    addAdditive(tally, use, { queryWidth: fromCell ? memoryWidth : queryWidth, memoryWidth, units });
    const { query_kernel: _, ...own } = kernelsOf(config);
    for (const [k, n] of Object.values(own)) tally.parameters(k * n).product({ m: rows, k, n }, use.calls);
    tally.product({ m: rows, k: units, n: 1 }, use.calls).functions(use.calls * rows * (2 * memoryWidth + units));
  },
};

/** Kernels of what is made of a query, [inputs, outputs]. */
function kernelsOf({
  queryWidth,
  memoryWidth,
  units,
  fromCell,
}: VisualSentinelConfig): Readonly<Record<string, readonly [number, number]>> {
  return {
    query_kernel: [fromCell ? memoryWidth : queryWidth, units],
    sentinel_kernel: [memoryWidth, units],
    ...(fromCell
      ? {
          input_kernel: [queryWidth - STATES * memoryWidth, memoryWidth],
          hidden_kernel: [memoryWidth, memoryWidth],
        }
      : { gate_kernel: [queryWidth, memoryWidth], cell_kernel: [queryWidth, memoryWidth] }),
  };
}

/** What is compared of a query: all of it, or the hidden state. */
const hiddenOf = ({ fromCell, memoryWidth }: VisualSentinelConfig, query: tf.Tensor3D): tf.Tensor3D =>
  fromCell ? tf.slice(query, [0, 0, 0], [-1, -1, memoryWidth]) : query;

/** ŝ of each query, [N, T, M]. */
function sentinelOf(
  { fromCell, memoryWidth }: VisualSentinelConfig,
  query: tf.Tensor3D,
  parameters: Parameters,
): tf.Tensor3D {
  const product = (x: tf.Tensor3D, key: string): tf.Tensor3D => linear(x, parameters[key]!);
  if (!fromCell) return tf.mul(tf.sigmoid(product(query, 'gate_kernel')), tf.tanh(product(query, 'cell_kernel')));
  const part = (from: number, size: number): tf.Tensor3D => tf.slice(query, [0, 0, from], [-1, -1, size]);
  const [cell, before] = [part(memoryWidth, memoryWidth), part(2 * memoryWidth, memoryWidth)];
  const input = part(STATES * memoryWidth, -1);
  const gates = tf.sigmoid(tf.add(product(input, 'input_kernel'), product(before, 'hidden_kernel')));
  return tf.mul(gates, tf.tanh(cell));
}
