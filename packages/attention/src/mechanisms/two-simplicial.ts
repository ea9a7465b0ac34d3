import * as tf from '@tensorflow/tfjs-core';
import { both, resolveOffsets, slidingWindow, type Mask } from '@heed/core';
import * as v from 'valibot';
import { buildMechanism } from '../build.js';
import type { OwnComparison } from '../comparison.js';
import { costOfAttention } from '../cost/attention-cost.js';
import type { MechanismUse } from '../cost/mechanism-use.js';
import type { Tally } from '../cost/tally.js';
import type { Body, CompareCall, MechanismDefinition, Parameters } from '../definition.js';
import { width } from '../fields.js';
import { projected } from '../fit.js';
import { arXiv } from '../formula.js';
import { linear, mergeHeads, splitHeads } from '../linear.js';
import * as m from '../math-ml.js';
import type { AttentionMechanism } from '../mechanism.js';
import type { ParameterSpec } from '../parameters.js';
import type { Projection } from '../projection.js';
import { addProjections, layerSpecs, sizeOf, type Layers } from './heads/layers.js';
import type { Windows } from './heads/windows.js';
import { headsFields, headWidthFields, isWhole, NOT_WHOLE, withHeadWidths, type HeadsOptions } from './heads/place.js';
import { attendToAllPairs, attendToPairs, explainPairs, pairScores, type Simplex } from './heads/two-simplicial.js';

export interface TwoSimplicialOptions extends HeadsOptions {
  /** D, the width of one head's queries and keys; queryWidth / heads by default. */
  readonly headWidth?: number;
  /** Dv, the width of one head's values; headWidth by default. */
  readonly valueWidth?: number;
  /**
   * How many positions back the first and the second of a pair may be, the query's own among them. Left out, all may be, later ones too
   * unless a mask forbids them.
   */
  readonly windows?: readonly [number, number];
}

type Defaulted = 'headWidth' | 'valueWidth' | 'outputWidth' | 'bias' | 'name';
export type TwoSimplicialConfig = { readonly kind: 'twoSimplicial' } & TwoSimplicialOptions &
  Required<Pick<TwoSimplicialOptions, Defaulted>>;

/**
 * 2-simplicial attention: a query attends to pairs of positions, A_ijl = Σ_d q_i·k_j·k'_l/√D, with one softmax over all of its pairs, and
 * averages v_j∘v'_l. Weights that are returned are of the first positions, the sum over the second ones; `parts` has those of all
 * pairs: `between.pairs` [B, H, T, Tk, Tk].
 *
 * The work grows with T·Tk·Tk, and T·Tk·(D + Dv) numbers are held for each head. With windows the positions of the narrower one are gathered (of
 * the first when weights are asked for): the work grows with T·w₁·w₂ where kernels skip what is masked, and T·w·(D + Dv) numbers are held.
 *
 * Parameters: query_kernel [Q, H·D], key_kernel and second_key_kernel [M, H·D], value_kernel and second_value_kernel [M, H·Dv],
 * output_kernel [H·Dv, C], with biases when asked for.
 *
 * @throws HeedError CONFIG_INVALID
 * @see Roy et al. 2025, arXiv:2507.02754, eq. 5 to 8 and §6; Clift, Doryn, Murfet & Wallbridge 2019, arXiv:1909.00668
 */
export function twoSimplicial(options: TwoSimplicialOptions): AttentionMechanism<TwoSimplicialConfig> {
  return buildMechanism(twoSimplicialDefinition, { ...options, kind: 'twoSimplicial' });
}

const schema = v.pipe(
  v.strictObject({
    kind: v.literal('twoSimplicial'),
    ...headsFields('twoSimplicial'),
    ...headWidthFields,
    windows: v.optional(v.tuple([width, width])),
  }),
  v.transform((given) => withHeadWidths(given)),
  v.check((config) => isWhole(config), NOT_WHOLE),
);

const second = m.symbol('h', 'h', '<mi>l</mi>');

export const twoSimplicialDefinition: MechanismDefinition<TwoSimplicialConfig, TwoSimplicialOptions> = {
  kind: 'twoSimplicial',
  title: 'Two-simplicial',
  formula: {
    text: 'log Σ_l exp(Σ_d (W_q s)_d (W_k h)_d (W_k′ h_l)_d / √D), in each of H heads',
    score: m.row(
      m.apply(
        'log',
        m.row(
          m.sum('<mi>l</mi>'),
          m.name('exp'),
          m.fraction(
            m.row(m.sum('<mi>d</mi>'), m.W('q'), m.s, m.W('k'), m.h, m.symbol('W', 'W', '<mi>k′</mi>'), second),
            m.root('<mi>D</mi>'),
          ),
        ),
      ),
    ),
    value: m.row(m.W('v'), m.h, m.o('∘'), m.symbol('W', 'W', '<mi>v′</mi>'), second),
    papers: [
      arXiv('2507.02754', 'Roy et al. 2025', 'eq. 5 to 8 and §6'),
      arXiv('1909.00668', 'Clift, Doryn, Murfet & Wallbridge 2019', '§2'),
    ],
  },
  schema,
  fit: projected,
  suggest: ({ heads }) => ({ heads }),
  widths: ({ queryWidth, memoryWidth, outputWidth }) => ({ queryWidth, memoryWidth, contextWidth: outputWidth }),
  positional: ({ windows }) => windows !== undefined,
  parameters: (config): Readonly<Record<string, ParameterSpec>> => layerSpecs(layersOf(config), config),
  weighs: true,
  bind,
  cost,
};

function bind(config: TwoSimplicialConfig, parameters: Parameters): Body {
  const { heads, windows } = config;
  const { output_kernel, output_bias } = parameters;
  const projected = (layer: string, x: tf.Tensor3D): tf.Tensor4D =>
    splitHeads(linear(x, parameters[`${layer}_kernel`]!, parameters[`${layer}_bias`]), heads);
  const simplexOf = (query: tf.Tensor3D, { keys, values }: Projection, { alignment }: CompareCall): Simplex => {
    const simplex = {
      query: projected('query', query),
      keys: tf.split(keys, 2, 3) as [tf.Tensor4D, tf.Tensor4D],
      values: tf.split(values, 2, 3) as [tf.Tensor4D, tf.Tensor4D],
    };
    if (windows === undefined) return { ...simplex, masks: [[], []] };
    const [first, second] = windows.map((width) => slidingWindow({ left: width - 1, right: 0, ...alignment })) as [
      Mask,
      Mask,
    ];
    const shape = { batch: query.shape[0], queries: query.shape[1], keys: keys.shape[2]! };
    const [offset = 0, ...others] = new Set(resolveOffsets(`${config.name}: windows`, alignment, shape));
    const both = windows.map((width) => ({ queries: shape.queries, width, start: offset - (width - 1) }));
    return {
      ...simplex,
      masks: [[first], [second]],
      windows: others.length > 0 ? undefined : (both as [Windows, Windows]),
    };
  };
  return {
    heads,
    // Both of a position's keys stand end to end, and both of its values.
    project: (keySource, valueSource) => ({
      keys: tf.concat([projected('key', keySource), projected('second_key', keySource)], 3), // [B, H, Tk, 2D]
      values: tf.concat([projected('value', valueSource), projected('second_value', valueSource)], 3), // [B, H, Tk, 2Dv]
    }),
    compare(query, memory, call): OwnComparison {
      const simplex = simplexOf(query, memory, call);
      return {
        op: 'own',
        query: simplex.query,
        value: memory.values,
        attend: (options) => attendToPairs(simplex, options),
        scores: (options) => pairScores(simplex, options),
        explain: (options) => explainPairs(simplex, options),
      };
    },
    combine: (contexts) => linear(mergeHeads(contexts), output_kernel!, output_bias),
    between(query, memory, call) {
      const mask = call.masks.length > 0 ? both(...call.masks) : undefined;
      const options = { mask, bias: undefined, dropout: undefined, returnWeights: true, returnLogSumExp: false };
      return { pairs: attendToAllPairs(simplexOf(query, memory, call), options).pairs };
    },
  };
}

function layersOf(config: TwoSimplicialConfig): Layers {
  const { queryWidth, memoryWidth, outputWidth, heads, headWidth, valueWidth } = config;
  return {
    query: [queryWidth, heads * headWidth],
    key: [memoryWidth, heads * headWidth],
    second_key: [memoryWidth, heads * headWidth],
    value: [memoryWidth, heads * valueWidth],
    second_value: [memoryWidth, heads * valueWidth],
    output: [heads * valueWidth, outputWidth],
  };
}

function cost(tally: Tally, config: TwoSimplicialConfig, use: MechanismUse): void {
  const { heads, headWidth, valueWidth } = config;
  const { batch, queries, keys, calls } = use;
  tally.parameters(sizeOf(layerSpecs(layersOf(config), config)));
  addProjections(tally, layersOf(config), ['key', 'second_key', 'value', 'second_value'], use);
  const firsts = Math.min(keys, ...(config.windows ?? []));
  const request = { batch, heads: heads * firsts, keyHeads: heads, queries, keys, width: headWidth, valueWidth };
  tally.op(costOfAttention({ op: 'dotProductAttention', ...request }), calls);
  tally.product({ m: batch * heads * queries, k: firsts, n: valueWidth }, calls);
}
