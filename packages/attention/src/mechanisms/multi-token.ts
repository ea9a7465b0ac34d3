import * as tf from '@tensorflow/tfjs-core';
import { causal, type Mask } from '@heed/core';
import * as v from 'valibot';
import { buildMechanism } from '../build.js';
import { costOfAttention } from '../cost/attention-cost.js';
import type { MechanismUse } from '../cost/mechanism-use.js';
import type { Tally } from '../cost/tally.js';
import type { Body, MechanismDefinition, Parameters } from '../definition.js';
import { width } from '../fields.js';
import { projected } from '../fit.js';
import { arXiv } from '../formula.js';
import { linear, mergeHeads, splitHeads } from '../linear.js';
import * as m from '../math-ml.js';
import type { AttentionMechanism } from '../mechanism.js';
import type { ParameterSpec } from '../parameters.js';
import { rmsNorm } from '../rms-norm.js';
import { dotProductScores } from '../scores.js';
import { HEAD_NORM_EPSILON, depth, lambdaInit } from './heads/depth.js';
import { addProjections, layerSpecs, ones, sizeOf, type Layers } from './heads/layers.js';
import { headsFields, headWidthFields, isWhole, NOT_WHOLE, withHeadWidths, type HeadsOptions } from './heads/place.js';
import { convolveScores, identityKernels, mixGroups } from './heads/score-convolution.js';
import { zeroMasked } from './heads/zero-masked.js';

export interface MultiTokenOptions extends HeadsOptions {
  /** D, the width of one head's queries and keys; queryWidth / heads by default. */
  readonly headWidth?: number;
  /** Dv, the width of one head's values; headWidth by default. */
  readonly valueWidth?: number;
  /** [cq, ck]: how many queries, the last ones, and keys, around the key, a score is made of; ck is odd. [6, 11] by default. */
  readonly kernel?: readonly [number, number];
  /** The same of weights after the softmax; left out, there is no such convolution. */
  readonly postKernel?: readonly [number, number];
  /** c: adjacent heads whose weights are mixed; it divides heads. Left out, heads aren't mixed. */
  readonly headGroup?: number;
  /** Whether contexts of heads are normed by their root mean square, times a gain and 1 − λ_init; false by default. */
  readonly norm?: boolean;
  /** Which layer it is in, from 0, of which λ_init is made; 0 by default. */
  readonly depth?: number;
}

type Defaulted = 'headWidth' | 'valueWidth' | 'outputWidth' | 'bias' | 'kernel' | 'norm' | 'depth' | 'name';
export type MultiTokenConfig = { readonly kind: 'multiToken' } & MultiTokenOptions &
  Required<Pick<MultiTokenOptions, Defaulted>>;

/**
 * Multi-token attention: scores of neighbouring queries and keys are convolved, so that weights can follow several words at once, and
 * weights of neighbouring heads are mixed. A query attends to no later position, and masked scores count as 0 for their neighbours.
 *
 * s'[h, i, j] = Σ_{a,b} K[h, a, b]·s[h, i − (cq − 1) + a, j − (ck − 1)/2 + b] with s = q·k/√D; then softmax, the same of weights when
 * there is a postKernel, and the mixing of heads.
 *
 * All scores [B, H, T, Tk] are held. A cache alone doesn't continue it: a step's scores are made of those of the steps before, so queries are
 * given again from cq − 1 steps before on.
 *
 * Parameters: query_kernel [Q, H·D], key_kernel [M, H·D], value_kernel [M, H·Dv], output_kernel [H·Dv, C], with biases when asked for;
 * key_query_kernel [H, cq, ck], and when asked for post_kernel [H, cq, ck], head_kernel [H/c, c, c] (from, to), gain [Dv].
 *
 * @throws HeedError CONFIG_INVALID
 * @see Golovneva et al. 2025, arXiv:2504.00927, §3
 */
export function multiToken(options: MultiTokenOptions): AttentionMechanism<MultiTokenConfig> {
  return buildMechanism(multiTokenDefinition, { ...options, kind: 'multiToken' });
}

const kernelSize = v.tuple([
  width,
  v.pipe(
    width,
    v.check((size) => size % 2 === 1, 'ck must be odd'),
  ),
]);

const schema = v.pipe(
  v.strictObject({
    kind: v.literal('multiToken'),
    ...headsFields('multiToken'),
    ...headWidthFields,
    kernel: v.optional(kernelSize, [6, 11]),
    postKernel: v.optional(kernelSize),
    headGroup: v.optional(width),
    norm: v.optional(v.boolean(), false),
    depth: v.optional(depth, 0),
  }),
  v.transform((given) => withHeadWidths(given)),
  v.check((config) => isWhole(config), NOT_WHOLE),
  v.check(({ heads, headGroup = 1 }) => heads % headGroup === 0, 'headGroup must divide heads'),
);

const near = (letter: string): string => `<mrow><mi>${letter}</mi><mo>′</mo></mrow>`;

export const multiTokenDefinition: MechanismDefinition<MultiTokenConfig, MultiTokenOptions> = {
  kind: 'multiToken',
  title: 'Multi-token',
  formula: {
    text: 'Σ over neighbours of K (W_q s)ᵀ W_k h / √D, in each of H heads',
    score: m.row(
      m.sum(m.row(near('i'), m.o(','), near('j'))),
      m.symbol('W', 'K', m.row(near('i'), near('j'))),
      m.fraction(
        m.row(m.transposed(m.row(m.W('q'), m.symbol('s', 's', near('i')))), m.W('k'), m.symbol('h', 'h', near('j'))),
        m.root('<mi>D</mi>'),
      ),
    ),
    value: m.row(m.W('v'), m.h),
    papers: [arXiv('2504.00927', 'Golovneva, Wang, Weston & Sukhbaatar 2025', '§3')],
  },
  schema,
  fit: projected,
  suggest: ({ heads }) => ({ heads }),
  widths: ({ queryWidth, memoryWidth, outputWidth }) => ({ queryWidth, memoryWidth, contextWidth: outputWidth }),
  looksBack: true,
  positional: () => true,
  parameters: parameterSpecs,
  weighs: true,
  bind,
  cost,
};

function bind(config: MultiTokenConfig, parameters: Parameters): Body {
  const { heads, norm, depth: layer } = config;
  const { query_kernel, key_kernel, value_kernel, output_kernel, gain } = parameters;
  const { query_bias, key_bias, value_bias, output_bias } = parameters;
  const { key_query_kernel, post_kernel, head_kernel } = parameters;
  return {
    heads,
    project: (keySource, valueSource) => ({
      keys: splitHeads(linear(keySource, key_kernel!, key_bias), heads), // [B, H, Tk, D]
      values: splitHeads(linear(valueSource, value_kernel!, value_bias), heads), // [B, H, Tk, Dv]
    }),
    compare(query, { keys, values }, { alignment, masks, bias }) {
      const q = splitHeads(linear(query, query_kernel!, query_bias), heads); // [B, H, T, D]
      const own: readonly Mask[] = [causal(alignment)];
      const all = [...masks, ...own];
      const products = zeroMasked(dotProductScores({ query: q, key: keys, bias }), all);
      const isReweighed = post_kernel !== undefined || head_kernel !== undefined;
      return {
        op: 'weightedContext',
        scores: convolveScores(products, key_query_kernel!),
        value: values,
        masks: own,
        isBiased: true,
        ...(isReweighed && {
          reweigh(weights) {
            const convolved = post_kernel ? zeroMasked(convolveScores(weights, post_kernel), all) : weights;
            return head_kernel ? mixGroups(convolved as tf.Tensor4D, head_kernel) : convolved;
          },
        }),
      };
    },
    combine(contexts) {
      const normed = norm ? tf.mul(rmsNorm(contexts, HEAD_NORM_EPSILON, gain), 1 - lambdaInit(layer)) : contexts;
      return linear(mergeHeads(normed as tf.Tensor4D), output_kernel!, output_bias);
    },
  };
}

function layersOf(config: MultiTokenConfig): Layers {
  const { queryWidth, memoryWidth, outputWidth, heads, headWidth, valueWidth } = config;
  return {
    query: [queryWidth, heads * headWidth],
    key: [memoryWidth, heads * headWidth],
    value: [memoryWidth, heads * valueWidth],
    output: [heads * valueWidth, outputWidth],
  };
}

function parameterSpecs(config: MultiTokenConfig): Readonly<Record<string, ParameterSpec>> {
  const { heads, kernel, postKernel, headGroup, norm, valueWidth } = config;
  return {
    ...layerSpecs(layersOf(config), config),
    // All begin as they would be without: a score is itself.
    key_query_kernel: identityKernels(heads, kernel),
    ...(postKernel && { post_kernel: identityKernels(heads, postKernel) }),
    ...(headGroup && {
      head_kernel: {
        shape: [heads / headGroup, headGroup, headGroup],
        initial: () =>
          Float32Array.from({ length: heads * headGroup }, (_, n) =>
            Math.floor(n / headGroup) % headGroup === n % headGroup ? 1 : 0,
          ),
      },
    }),
    ...(norm && { gain: ones([valueWidth]) }),
  };
}

function cost(tally: Tally, config: MultiTokenConfig, use: MechanismUse): void {
  const { heads, headWidth, valueWidth, kernel, postKernel, headGroup = 0 } = config;
  const { batch, queries, keys, calls } = use;
  tally.parameters(sizeOf(parameterSpecs(config)));
  addProjections(tally, layersOf(config), ['key', 'value'], use);
  const request = { batch, heads, queries, keys, width: headWidth, valueWidth };
  tally.op(costOfAttention({ op: 'dotProductAttention', ...request }), calls);
  const pairs = batch * heads * queries * keys;
  for (const [rows, columns] of [kernel, ...(postKernel ? [postKernel] : [])]) {
    tally.product({ m: pairs, k: rows * columns, n: 1 }, calls);
  }
  if (headGroup > 0) tally.product({ m: pairs, k: headGroup, n: 1 }, calls);
}
