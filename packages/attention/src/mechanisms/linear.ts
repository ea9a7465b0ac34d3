import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { buildMechanism } from '../build.js';
import type { MechanismUse } from '../cost/mechanism-use.js';
import type { Tally } from '../cost/tally.js';
import type { Body, MechanismDefinition, Parameters } from '../definition.js';
import { eluFeatures } from '../features.js';

import { projected } from '../fit.js';
import { arXiv } from '../formula.js';
import { linear as layer, mergeHeads, splitHeads } from '../linear.js';
import * as m from '../math-ml.js';
import type { AttentionMechanism } from '../mechanism.js';
import { addProjections, layerSpecs, sizeOf, type Layers } from './heads/layers.js';
import { linearComparison } from './heads/linear-comparison.js';
import { addPairs, addStates } from './heads/linear-cost.js';
import { pairProducts, pairWeights } from './heads/linear-pairs.js';
import { headsFields, headWidthFields, isWhole, NOT_WHOLE, withHeadWidths, type HeadsOptions } from './heads/place.js';

export interface LinearOptions extends HeadsOptions {
  /** D, the width of one head's queries and keys; queryWidth / heads by default. */
  readonly headWidth?: number;
  /** Dv, the width of one head's values; headWidth by default. */
  readonly valueWidth?: number;
}

type Defaulted = 'headWidth' | 'valueWidth' | 'outputWidth' | 'bias' | 'name';
export type LinearConfig = { readonly kind: 'linear' } & LinearOptions & Required<Pick<LinearOptions, Defaulted>>;

/**
 * Linear attention: in each head the weights are φ(q_i)·φ(k_j) over their sum, with φ = elu + 1. So positions are added up once, in a state of
 * D·Dv numbers, and all queries read it: time grows with T, not with T·Tk. A query sees all positions, later ones too; with `causal` those
 * up to its own. The scores that `parts` shows are log φ(q)·φ(k), of which the weights are the softmax.
 *
 * A mask of queries and positions, dropout and weights that are asked for take all pairs, T·Tk numbers a head. What `prepare` keeps are keys
 * and values, and a step alone reads them as any attention does: core's `linearAttention` decodes with the state in their place.
 *
 * Parameters: query_kernel [Q, H·D], key_kernel [M, H·D], value_kernel [M, H·Dv], output_kernel [H·Dv, C], with biases when asked for.
 *
 * @throws HeedError CONFIG_INVALID
 * @see Katharopoulos et al. 2020, arXiv:2006.16236, eq. 4 to 7
 */
export function linear(options: LinearOptions): AttentionMechanism<LinearConfig> {
  return buildMechanism(linearDefinition, { ...options, kind: 'linear' });
}

const schema = v.pipe(
  v.strictObject({
    kind: v.literal('linear'),
    ...headsFields('linear'),
    ...headWidthFields,
  }),
  v.transform((given) => withHeadWidths(given)),
  v.check((config) => isWhole(config), NOT_WHOLE),
);

const features = (x: string): string => m.row('<mi>φ</mi>', m.bracket(x));

export const linearDefinition: MechanismDefinition<LinearConfig, LinearOptions> = {
  kind: 'linear',
  title: 'Linear',
  formula: {
    text: 'log φ(W_q s)ᵀ φ(W_k h), φ(x) = elu(x) + 1, in each of H heads',
    score: m.apply('log', m.row(m.transposed(features(m.row(m.W('q'), m.s))), features(m.row(m.W('k'), m.h)))),
    value: m.row(m.W('v'), m.h),
    papers: [arXiv('2006.16236', 'Katharopoulos et al. 2020', 'eq. 4 to 7')],
  },
  schema,
  fit: projected,
  suggest: ({ heads }) => ({ heads }),
  widths: ({ queryWidth, memoryWidth, outputWidth }) => ({ queryWidth, memoryWidth, contextWidth: outputWidth }),
  parameters: (config) => layerSpecs(layersOf(config), config),
  bind,
  cost,
};

/** The smallest normal number of float32: features whose product is less are as far apart as can be told. */
const SMALLEST = 2 ** -126;

function bind({ heads, name }: LinearConfig, parameters: Parameters): Body {
  const projectedTo = (to: string, x: tf.Tensor3D): tf.Tensor4D =>
    splitHeads(layer(x, parameters[`${to}_kernel`]!, parameters[`${to}_bias`]), heads);
  return {
    heads,
    project: (keySource, valueSource) => ({
      keys: eluFeatures(projectedTo('key', keySource)), // [B, H, Tk, D]
      values: projectedTo('value', valueSource), // [B, H, Tk, Dv]
    }),
    compare(query, { keys, values }) {
      const call = {
        query: eluFeatures(projectedTo('query', query)) as tf.Tensor4D, // [B, H, T, D]
        key: keys as tf.Tensor4D,
        value: values as tf.Tensor4D,
        normalize: true,
      };
      return linearComparison(name, {
        call,
        scores: () => tf.log(tf.maximum(pairProducts(call), SMALLEST)),
        isSoftmax: true,
        weights: (mask) => pairWeights(call, mask),
      });
    },
    combine: (contexts) => layer(mergeHeads(contexts), parameters['output_kernel']!, parameters['output_bias']),
  };
}

function layersOf({ queryWidth, memoryWidth, outputWidth, heads, headWidth, valueWidth }: LinearConfig): Layers {
  return {
    query: [queryWidth, heads * headWidth],
    key: [memoryWidth, heads * headWidth],
    value: [memoryWidth, heads * valueWidth],
    output: [heads * valueWidth, outputWidth],
  };
}

function cost(tally: Tally, config: LinearConfig, use: MechanismUse): void {
  tally.parameters(sizeOf(layerSpecs(layersOf(config), config)));
  addProjections(tally, layersOf(config), ['key', 'value'], use);
  tally.functions(use.batch * config.heads * config.headWidth * (use.keys + use.calls * use.queries));
  if (use.queries < 2) addPairs(tally, config, use);
  else addStates(tally, config, use, { written: 1 });
}
