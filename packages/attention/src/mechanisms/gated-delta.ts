import * as tf from '@tensorflow/tfjs-core';
import { causal, resolveOffsets } from '@heed/core';
import * as v from 'valibot';
import { buildMechanism } from '../build.js';
import type { MechanismUse } from '../cost/mechanism-use.js';
import type { Tally } from '../cost/tally.js';
import type { Body, MechanismDefinition, Parameters } from '../definition.js';
import { unitVectors } from '../features.js';

import { projected } from '../fit.js';
import { arXiv } from '../formula.js';
import { linear, mergeHeads, splitHeads } from '../linear.js';
import * as m from '../math-ml.js';
import type { AttentionMechanism } from '../mechanism.js';
import type { ParameterSpec } from '../parameters.js';
import { addProjections, layerSpecs, ones, sizeOf, type Layers } from './heads/layers.js';
import { linearComparison } from './heads/linear-comparison.js';
import { addStates } from './heads/linear-cost.js';
import { scanEach, weightsOfEach } from './heads/linear-each.js';
import { pairProducts } from './heads/linear-pairs.js';
import type { LinearCall } from './heads/linear-scan.js';
import { headsFields, headWidthFields, isWhole, NOT_WHOLE, withHeadWidths, type HeadsOptions } from './heads/place.js';
import { gatedContexts } from './heads/silu-gate.js';

export interface GatedDeltaOptions extends HeadsOptions {
  /** D, the width of one head's queries and keys; queryWidth / heads by default. */
  readonly headWidth?: number;
  /** Dv, the width of one head's values; headWidth by default. */
  readonly valueWidth?: number;
}

type Defaulted = 'headWidth' | 'valueWidth' | 'outputWidth' | 'bias' | 'name';
export type GatedDeltaConfig = { readonly kind: 'gatedDelta' } & GatedDeltaOptions &
  Required<Pick<GatedDeltaOptions, Defaulted>>;

/**
 * The gated delta rule: each head keeps a state S of D·Dv numbers. Position j lets it decay by α_j, takes off what it then has for the key k_j,
 * as far as β_j says, and puts the value there: S_j = α_j (I − β_j k_j k_jᵀ) S_{j−1} + β_j k_j v_jᵀ. Query i reads S_iᵀ q_i/√D, so it attends to no
 * later position. α = exp(−exp(a) softplus(W_α h + b_α)) and β = σ(W_β h) are of the memory, one number for each head; queries and keys are unit
 * vectors. Contexts of heads are normed by their root mean square, times a gain and x·σ(x) of a projection of the query. The short
 * convolutions of the paper's block, before its projections, are left out.
 *
 * Weights that are asked for are what a query is given of each value, β_j q_iᵀ Π (α (I − β k kᵀ)) k_j over the positions after j; they may be below 0
 * and sum to anything. The scores that `parts` shows are q·k/√D. A position that takes no part leaves the state as it is. What `prepare` keeps are
 * keys and values, from which each call makes the state again; core's `linearAttention` decodes with the state in their place.
 *
 * Parameters: query_kernel [Q, H·D], key_kernel [M, H·D], value_kernel [M, H·Dv], beta_kernel W_β [M, H], gate_kernel [Q, H·Dv], output_kernel
 * [H·Dv, C], with biases when asked for; decay_kernel W_α [M, H], decay_bias b_α [H], log_rate a [H], gain [Dv].
 *
 * @throws HeedError CONFIG_INVALID
 * @see Yang, Kautz & Hatamizadeh 2024, arXiv:2412.06464, eq. 10 and §3.4; Gu & Dao 2023, arXiv:2312.00752, §3.6 (α)
 */
export function gatedDelta(options: GatedDeltaOptions): AttentionMechanism<GatedDeltaConfig> {
  return buildMechanism(gatedDeltaDefinition, { ...options, kind: 'gatedDelta' });
}

const schema = v.pipe(
  v.strictObject({
    kind: v.literal('gatedDelta'),
    ...headsFields('gatedDelta'),
    ...headWidthFields,
  }),
  v.transform((given) => withHeadWidths(given)),
  v.check((config) => isWhole(config), NOT_WHOLE),
);

const at = (letter: string, below: string): string => m.symbol('W', letter, below);
const previous = m.row(m.j, m.o('−'), '<mn>1</mn>');

export const gatedDeltaDefinition: MechanismDefinition<GatedDeltaConfig, GatedDeltaOptions> = {
  kind: 'gatedDelta',
  title: 'Gated delta rule',
  formula: {
    text: '(W_q s)ᵀ W_k h / √D, of a state S = α (I − β k kᵀ) S + β k vᵀ with k = W_k h, in each of H heads',
    score: m.fraction(m.row(m.transposed(m.bracket(m.row(m.W('q'), m.s))), m.W('k'), m.h), m.root('<mi>D</mi>')),
    state: m.row(
      at('S', m.j),
      m.o('='),
      at('α', m.j),
      m.bracket(m.row('<mi>I</mi>', m.o('−'), at('β', m.j), at('k', m.j), m.transposed(at('k', m.j)))),
      at('S', previous),
      m.o('+'),
      at('β', m.j),
      at('k', m.j),
      m.transposed(at('v', m.j)),
    ),
    value: m.row(m.W('v'), m.h),
    papers: [
      arXiv('2412.06464', 'Yang, Kautz & Hatamizadeh 2024', 'eq. 10 and §3.4'),
      arXiv('2312.00752', 'Gu & Dao 2023', '§3.6'),
    ],
  },
  schema,
  fit: projected,
  suggest: ({ heads }) => ({ heads }),
  widths: ({ queryWidth, memoryWidth, outputWidth }) => ({ queryWidth, memoryWidth, contextWidth: outputWidth }),
  looksBack: true,
  parameters: parameterSpecs,
  weighs: true,
  bind,
  cost,
};

function bind({ heads, name, headWidth }: GatedDeltaConfig, parameters: Parameters): Body {
  const projectedTo = (to: string, x: tf.Tensor3D): tf.Tensor4D =>
    splitHeads(linear(x, parameters[`${to}_kernel`]!, parameters[`${to}_bias`]), heads);
  return {
    heads,
    // What a position does to the state stands beside its key: [B, H, Tk, D + 2].
    project: (keySource, valueSource) => ({
      keys: tf.concat(
        [
          unitVectors(projectedTo('key', keySource)),
          logDecayOf(projectedTo('decay', keySource), parameters),
          tf.sigmoid(projectedTo('beta', keySource)),
        ],
        3,
      ),
      values: projectedTo('value', valueSource), // [B, H, Tk, Dv]
    }),
    compare(query, { keys, values }, { alignment }) {
      const shape = { batch: query.shape[0], queries: query.shape[1], keys: keys.shape[2]! };
      const offsets = resolveOffsets(name, alignment, shape);
      const [key, logDecay, beta] = tf.split(keys, [headWidth, 1, 1], 3) as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
      const call: LinearCall = {
        query: unitVectors(projectedTo('query', query)) as tf.Tensor4D, // [B, H, T, D]
        key,
        value: values as tf.Tensor4D,
        logDecay: tf.squeeze(logDecay, [3]),
        beta: tf.squeeze<tf.Tensor3D>(beta, [3]),
        normalize: false,
      };
      return linearComparison(name, {
        call,
        offsets,
        masks: [causal(alignment)],
        scores: () => pairProducts({ query: call.query, key, value: call.value, normalize: false }),
        weights: (mask) => weightsOfEach(call, mask),
        context: (mask) => scanEach(call, mask),
      });
    },
    combine: (contexts, query) =>
      linear(
        mergeHeads(gatedContexts(contexts, query, parameters)),
        parameters['output_kernel']!,
        parameters['output_bias'],
      ),
  };
}

/** log α = −exp(a)·softplus(W_α h + b_α): [B, H, Tk, 1] of the projection of h. */
function logDecayOf(projection: tf.Tensor4D, { log_rate }: Parameters): tf.Tensor4D {
  const rates = tf.reshape(tf.exp(log_rate!), [1, -1, 1, 1]);
  return tf.neg(tf.mul(rates, tf.softplus(projection)));
}

function layersOf({ queryWidth, memoryWidth, outputWidth, heads, headWidth, valueWidth }: GatedDeltaConfig): Layers {
  return {
    query: [queryWidth, heads * headWidth],
    key: [memoryWidth, heads * headWidth],
    value: [memoryWidth, heads * valueWidth],
    beta: [memoryWidth, heads],
    gate: [queryWidth, heads * valueWidth],
    output: [heads * valueWidth, outputWidth],
  };
}

/** First softplus(b_α) of the first head and of the last, of Gu & Dao, who draw between them. */
const FIRST_STEPS = [0.001, 0.1] as const;
/** First exp(a) of the first head and of the last, as in the code of Mamba-2, which draws between them. */
const FIRST_RATES = [1, 16] as const;

function parameterSpecs(config: GatedDeltaConfig): Readonly<Record<string, ParameterSpec>> {
  const { memoryWidth, heads, valueWidth, seed } = config;
  return {
    ...layerSpecs(layersOf(config), config),
    ...layerSpecs({ decay: [memoryWidth, heads] }, { bias: false, seed }),
    decay_bias: spread(heads, FIRST_STEPS, (step) => Math.log(Math.expm1(step))),
    log_rate: spread(heads, FIRST_RATES, Math.log),
    gain: ones([valueWidth]),
  };
}

/** Numbers for heads, evenly spread between two by their logarithms. */
const spread = (
  heads: number,
  [first, last]: readonly [number, number],
  of: (number: number) => number,
): ParameterSpec => ({
  shape: [heads],
  initial: () =>
    Float32Array.from({ length: heads }, (_, h) => of(first * (last / first) ** (h / Math.max(1, heads - 1)))),
});

function cost(tally: Tally, config: GatedDeltaConfig, use: MechanismUse): void {
  const { memoryWidth, heads, valueWidth } = config;
  const { batch, keys, queries, calls } = use;
  tally.parameters(sizeOf(parameterSpecs(config)));
  addProjections(tally, { ...layersOf(config), decay: [memoryWidth, heads] }, ['key', 'value', 'beta', 'decay'], use);
  // An exponential and a logarithm of the decay, σ of β, and those of the gates.
  tally.functions(batch * heads * (3 * keys + calls * queries * valueWidth));
  addStates(tally, config, use, { written: 2 });
}
