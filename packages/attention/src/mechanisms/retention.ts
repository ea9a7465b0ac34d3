import * as tf from '@tensorflow/tfjs-core';
import { causal, resolveOffsets } from '@heed/core';
import * as v from 'valibot';
import { buildMechanism } from '../build.js';
import type { MechanismUse } from '../cost/mechanism-use.js';
import type { Tally } from '../cost/tally.js';
import type { Body, MechanismDefinition, Parameters } from '../definition.js';
import { projected } from '../fit.js';
import { arXiv } from '../formula.js';
import { linear, mergeHeads, splitHeads } from '../linear.js';
import * as m from '../math-ml.js';
import type { AttentionMechanism } from '../mechanism.js';
import { rotaryConfig, type RotaryConfig } from '../positions/rotary-config.js';
import type { Turning } from '../positions/turning.js';
import { addProjections, layerSpecs, sizeOf, type Layers } from './heads/layers.js';
import { linearComparison } from './heads/linear-comparison.js';
import { addPairs, addStates } from './heads/linear-cost.js';
import { pairProducts, pairWeights } from './heads/linear-pairs.js';
import { headsFields, headWidthFields, isWhole, NOT_WHOLE, withHeadWidths, type HeadsOptions } from './heads/place.js';
import { gatedContexts } from './heads/silu-gate.js';

export interface RetentionOptions extends HeadsOptions {
  /** D, the width of one head's queries and keys; queryWidth / heads by default. */
  readonly headWidth?: number;
  /** Dv, the width of one head's values; headWidth by default. */
  readonly valueWidth?: number;
  /** Turns queries and keys by their positions, as the paper does; left out, positions are told by the decay alone. */
  readonly rotary?: RotaryConfig;
}

type Defaulted = 'headWidth' | 'valueWidth' | 'outputWidth' | 'bias' | 'name';
export type RetentionConfig = { readonly kind: 'retention' } & RetentionOptions &
  Required<Pick<RetentionOptions, Defaulted>>;

/**
 * Multi-scale retention: the weights are q_i·k_j/√D times γ^(i − j), where head h of 0, 1, … forgets by γ = 1 − 2^(−5 − h). So a state of D·Dv
 * numbers is all that the past comes to, and time grows with T. A query attends to no later position. Contexts of heads are normed by their
 * root mean square, as in the authors' code, and multiplied by x·σ(x) of a projection of the query.
 *
 * Weights may be below 0 and sum to anything; they are held, T·Tk numbers a head, when they are asked for, with dropout, and with masks of queries and
 * positions. What `prepare` keeps are keys and values, which a step alone reads as any attention does.
 *
 * Parameters: query_kernel [Q, H·D], key_kernel [M, H·D], value_kernel [M, H·Dv], gate_kernel [Q, H·Dv], output_kernel [H·Dv, C], with biases
 * when asked for.
 *
 * @throws HeedError CONFIG_INVALID
 * @see Sun et al. 2023, arXiv:2307.08621, eq. 5 and 8
 */
export function retention(options: RetentionOptions): AttentionMechanism<RetentionConfig> {
  return buildMechanism(retentionDefinition, { ...options, kind: 'retention' });
}

const schema = v.pipe(
  v.strictObject({
    kind: v.literal('retention'),
    ...headsFields('retention'),
    ...headWidthFields,
    rotary: v.optional(rotaryConfig),
  }),
  v.transform((given) => withHeadWidths(given)),
  v.check((config) => isWhole(config), NOT_WHOLE),
  v.check(
    ({ rotary: turns, headWidth }) =>
      turns === undefined || ((turns.width ?? headWidth) <= headWidth && (turns.width ?? headWidth) % 2 === 0),
    'rotary needs an even width, at most headWidth',
  ),
);

export const retentionDefinition: MechanismDefinition<RetentionConfig, RetentionOptions> = {
  kind: 'retention',
  title: 'Retention',
  formula: {
    text: 'γ^(i − j) (W_q s)ᵀ W_k h / √D, in each of H heads',
    score: m.row(
      `<msup><mi>γ</mi>${m.row(m.i, m.o('−'), m.j)}</msup>`,
      m.fraction(m.row(m.transposed(m.bracket(m.row(m.W('q'), m.s))), m.W('k'), m.h), m.root('<mi>D</mi>')),
    ),
    value: m.row(m.W('v'), m.h),
    papers: [arXiv('2307.08621', 'Sun et al. 2023', 'eq. 5 and 8')],
  },
  schema,
  fit: projected,
  suggest: ({ heads }) => ({ heads }),
  widths: ({ queryWidth, memoryWidth, outputWidth }) => ({ queryWidth, memoryWidth, contextWidth: outputWidth }),
  positional: () => true,
  looksBack: true,
  parameters: (config) => layerSpecs(layersOf(config), config),
  weighs: true,
  turned: ({ rotary: config, headWidth: width }) => config && { config, width },
  bind,
  cost,
};

/** log γ of each head, [H]; eq. 8, whose heads count from 0. */
const logDecays = (heads: number): tf.Tensor1D =>
  tf.tensor1d(Float32Array.from({ length: heads }, (_, h) => Math.log1p(-(2 ** (-5 - h)))));

function bind({ heads, name }: RetentionConfig, parameters: Parameters, turning?: Turning): Body {
  const projectedTo = (to: string, x: tf.Tensor3D): tf.Tensor4D =>
    splitHeads(linear(x, parameters[`${to}_kernel`]!, parameters[`${to}_bias`]), heads);
  const turned = (x: tf.Tensor4D, offset: number | Int32Array): tf.Tensor4D =>
    turning === undefined ? x : turning.turn(x, { offset });
  return {
    heads,
    project: (keySource, valueSource, start) => ({
      keys: turned(projectedTo('key', keySource), start), // [B, H, Tk, D]
      values: projectedTo('value', valueSource), // [B, H, Tk, Dv]
    }),
    compare(query, { keys, values }, { alignment }) {
      const shape = { batch: query.shape[0], queries: query.shape[1], keys: keys.shape[2]! };
      const offsets = resolveOffsets(name, alignment, shape);
      const call = {
        query: turned(projectedTo('query', query), offsets), // [B, H, T, D]
        key: keys as tf.Tensor4D,
        value: values as tf.Tensor4D,
        logDecay: logDecays(heads),
        offsets,
        normalize: false,
      };
      return linearComparison(name, {
        call,
        offsets,
        masks: [causal(alignment)],
        scores: () => pairProducts(call),
        weights: (mask) => pairWeights(call, mask),
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

function layersOf({ queryWidth, memoryWidth, outputWidth, heads, headWidth, valueWidth }: RetentionConfig): Layers {
  return {
    query: [queryWidth, heads * headWidth],
    key: [memoryWidth, heads * headWidth],
    value: [memoryWidth, heads * valueWidth],
    gate: [queryWidth, heads * valueWidth],
    output: [heads * valueWidth, outputWidth],
  };
}

function cost(tally: Tally, config: RetentionConfig, use: MechanismUse): void {
  const { batch, queries, calls } = use;
  tally.parameters(sizeOf(layerSpecs(layersOf(config), config)));
  addProjections(tally, layersOf(config), ['key', 'value'], use);
  tally.functions(batch * queries * calls * config.heads * config.valueWidth);
  if (queries < 2) addPairs(tally, config, use);
  else addStates(tally, config, use, { written: 1 });
}
