import * as tf from '@tensorflow/tfjs-core';
import { causal, resolveOffsets } from '@heed/core';
import * as v from 'valibot';
import { buildMechanism } from '../build.js';
import { costOfAttention } from '../cost/attention-cost.js';
import type { MechanismUse } from '../cost/mechanism-use.js';
import type { Tally } from '../cost/tally.js';
import type { Body, MechanismDefinition, Parameters } from '../definition.js';
import { positive, width } from '../fields.js';
import { projected } from '../fit.js';
import { arXiv } from '../formula.js';
import { linear, mergeHeads, splitHeads } from '../linear.js';
import * as m from '../math-ml.js';
import type { AttentionMechanism } from '../mechanism.js';
import type { ParameterSpec } from '../parameters.js';
import { evenWidth } from '../positions/rotary-config.js';
import type { Turning } from '../positions/turning.js';
import { rmsNorm } from '../rms-norm.js';
import { absorbed, isAbsorbedLess, plain, type LatentCall } from './heads/latent-forms.js';
import { addProjections, layerSpecs, ones, sizeOf, type Layers } from './heads/layers.js';
import { headsFields, headWidthFields, isWhole, NOT_WHOLE, withHeadWidths, type HeadsOptions } from './heads/place.js';

export interface LatentOptions extends Omit<HeadsOptions, 'bias'> {
  /** C, the width of the latent that is cached for each position. */
  readonly latentWidth: number;
  /** R, the width of the rotary key that is cached beside it, one for all heads; even. */
  readonly rotaryWidth: number;
  /** D, the width of what one head compares without positions; queryWidth / heads by default. */
  readonly headWidth?: number;
  /** Dv, the width of one head's values; headWidth by default. */
  readonly valueWidth?: number;
  /** The width of the queries' own latent; left out, queries are projected from the input. */
  readonly queryLatentWidth?: number;
  /** Whether latents are normed by their root mean square with a gain, as in the model's code; false by default. */
  readonly norm?: boolean;
  /** θ_i = base^(−2i/R) of the rotary positions; 10000 by default. */
  readonly base?: number;
  /**
   * 'plain' makes keys and values of the latents, 'absorbed' compares with the latents themselves. Both give the same; by default the one
   * of fewer multiplications is taken in each call.
   */
  readonly form?: 'plain' | 'absorbed';
}

type Defaulted = 'headWidth' | 'valueWidth' | 'outputWidth' | 'norm' | 'name';
export type LatentConfig = { readonly kind: 'latent' } & LatentOptions & Required<Pick<LatentOptions, Defaulted>>;

/**
 * Multi-head latent attention: what is cached of a position is one latent, c = W_down·h, of which all heads make their keys and values, and
 * one rotary key. Scores are (q_C·W_upK·c + q_R·k_R)/√(D + R). A query attends to no later position.
 *
 * Parameters: down_kernel [M, C], rotary_key_kernel [M, R], key_up_kernel [C, H·D], value_up_kernel [C, H·Dv], query_kernel
 * [Q or queryLatentWidth, H·(D + R)], output_kernel [H·Dv, outputWidth], and when asked for query_down_kernel [Q, queryLatentWidth], latent_gain
 * [C] and query_latent_gain [queryLatentWidth].
 *
 * @throws HeedError CONFIG_INVALID
 * @see DeepSeek-AI 2024, arXiv:2405.04434, §2.1.2, §2.1.3 and appendix C (eq. 37 to 47)
 */
export function latent(options: LatentOptions): AttentionMechanism<LatentConfig> {
  return buildMechanism(latentDefinition, { ...options, kind: 'latent' });
}

const { bias: _, ...fields } = headsFields('latent');

const schema = v.pipe(
  v.strictObject({
    kind: v.literal('latent'),
    ...fields,
    latentWidth: width,
    rotaryWidth: evenWidth,
    ...headWidthFields,
    queryLatentWidth: v.optional(width),
    norm: v.optional(v.boolean(), false),
    base: v.optional(positive),
    form: v.optional(v.picklist(['plain', 'absorbed'])),
  }),
  v.transform((given) => withHeadWidths(given)),
  v.check((config) => isWhole(config), NOT_WHOLE),
);

export const latentDefinition: MechanismDefinition<LatentConfig, LatentOptions> = {
  kind: 'latent',
  title: 'Multi-head latent',
  formula: {
    text: '((W_q s)ᵀ W_k W_c h + (W_qR s)ᵀ W_kR h) / √(D + R), in each of H heads',
    score: m.fraction(
      m.row(
        m.transposed(m.bracket(m.row(m.W('q'), m.s))),
        m.W('k'),
        m.W('c'),
        m.h,
        m.o('+'),
        m.transposed(m.bracket(m.row(m.symbol('W', 'W', '<mi>qR</mi>'), m.s))),
        m.symbol('W', 'W', '<mi>kR</mi>'),
        m.h,
      ),
      m.root(m.row('<mi>D</mi>', m.o('+'), '<mi>R</mi>')),
    ),
    value: m.row(m.W('v'), m.W('c'), m.h),
    papers: [arXiv('2405.04434', 'DeepSeek-AI 2024', '§2.1 and appendix C')],
  },
  schema,
  fit: projected,
  suggest: ({ width: size, heads }) => ({
    heads,
    latentWidth: Math.max(1, Math.floor(size / 2)),
    rotaryWidth: 2 * Math.max(1, Math.floor(size / heads / 4)),
  }),
  widths: ({ queryWidth, memoryWidth, outputWidth }) => ({ queryWidth, memoryWidth, contextWidth: outputWidth }),
  looksBack: true,
  positional: () => true,
  parameters: parameterSpecs,
  weighs: true,
  turned: ({ base, rotaryWidth }) => ({ config: base === undefined ? {} : { base }, width: rotaryWidth }),
  bind,
  cost,
};

/** As in the model's code. */
const EPSILON = 1e-6;

function bind(config: LatentConfig, parameters: Parameters, turning?: Turning): Body {
  const { heads, name, headWidth, rotaryWidth, form } = config;
  const { query_latent_gain, latent_gain } = parameters;
  const project = (layer: string, x: tf.Tensor3D): tf.Tensor3D => linear(x, parameters[`${layer}_kernel`]!);
  const normed = (x: tf.Tensor3D, gain: tf.Tensor | undefined): tf.Tensor3D =>
    gain === undefined ? x : rmsNorm(x, EPSILON, gain);
  return {
    heads,
    // The whole cache: one rotary key as keys, one latent as values, [B, 1, Tk, R] and [B, 1, Tk, C].
    project: (keySource, valueSource, start) => ({
      keys: turning!.turn(splitHeads(project('rotary_key', keySource), 1), { offset: start }),
      values: splitHeads(normed(project('down', valueSource), latent_gain), 1),
    }),
    compare(query, memory, { alignment }) {
      const asked = config.queryLatentWidth ? normed(project('query_down', query), query_latent_gain) : query;
      const [content, position] = tf.split(splitHeads(project('query', asked), heads), [headWidth, rotaryWidth], 3);
      const shape = { batch: query.shape[0], queries: query.shape[1], keys: memory.keys.shape[2]! };
      const offset = resolveOffsets(`${name}: rotary`, alignment, shape);
      const call: LatentCall = {
        content: content as tf.Tensor4D,
        position: turning!.turn(position as tf.Tensor4D, { offset }),
        rotaryKey: memory.keys as tf.Tensor4D,
        latent: memory.values as tf.Tensor4D,
        keyUp: parameters['key_up_kernel']!,
        valueUp: parameters['value_up_kernel']!,
      };
      const isAbsorbed = form === undefined ? isAbsorbedLess(config, shape) : form === 'absorbed';
      const comparison = isAbsorbed ? absorbed(call) : plain(call);
      return { ...comparison, masks: [causal(alignment)] };
    },
    combine: (contexts) => project('output', mergeHeads(contexts)),
  };
}

function layersOf(config: LatentConfig): Layers {
  const { queryWidth, memoryWidth, outputWidth, heads, headWidth, valueWidth } = config;
  const { latentWidth, rotaryWidth, queryLatentWidth } = config;
  return {
    down: [memoryWidth, latentWidth],
    rotary_key: [memoryWidth, rotaryWidth],
    key_up: [latentWidth, heads * headWidth],
    value_up: [latentWidth, heads * valueWidth],
    ...(queryLatentWidth && { query_down: [queryWidth, queryLatentWidth] }),
    query: [queryLatentWidth ?? queryWidth, heads * (headWidth + rotaryWidth)],
    output: [heads * valueWidth, outputWidth],
  };
}

function parameterSpecs(config: LatentConfig): Readonly<Record<string, ParameterSpec>> {
  const { norm, latentWidth, queryLatentWidth, seed } = config;
  return {
    ...layerSpecs(layersOf(config), { bias: false, seed }),
    ...(norm && { latent_gain: ones([latentWidth]) }),
    ...(norm && queryLatentWidth && { query_latent_gain: ones([queryLatentWidth]) }),
  };
}

function cost(tally: Tally, config: LatentConfig, use: MechanismUse): void {
  const { heads, headWidth, valueWidth, rotaryWidth, latentWidth, form } = config;
  const { batch, queries, keys, calls } = use;
  const { key_up, value_up, ...layers } = layersOf(config);
  tally.parameters(sizeOf(parameterSpecs(config)));
  addProjections(tally, layers, ['down', 'rotary_key'], use);
  const isAbsorbed = form === undefined ? isAbsorbedLess(config, { queries, keys }) : form === 'absorbed';
  const rows = batch * (isAbsorbed ? queries : keys);
  // Up or, absorbed, into the latent: in each call, since only latents are cached.
  for (const [k, n] of [key_up!, value_up!]) tally.product({ m: rows, k, n }, calls);
  const request = isAbsorbed
    ? { keyHeads: 1, width: latentWidth + rotaryWidth, valueWidth: latentWidth }
    : { width: headWidth + rotaryWidth, valueWidth };
  tally.op(costOfAttention({ op: 'dotProductAttention', batch, heads, queries, keys, ...request }), calls);
}
