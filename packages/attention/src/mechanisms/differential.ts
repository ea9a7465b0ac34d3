import * as tf from '@tensorflow/tfjs-core';
import { resolveOffsets } from '@heed/core';
import * as v from 'valibot';
import { buildMechanism } from '../build.js';
import type { Finished } from '../comparison.js';
import { costOfAttention } from '../cost/attention-cost.js';
import type { MechanismUse } from '../cost/mechanism-use.js';
import type { Tally } from '../cost/tally.js';
import type { Body, MechanismDefinition, Parameters } from '../definition.js';
import { width } from '../fields.js';
import { projected } from '../fit.js';
import { arXiv } from '../formula.js';
import { normal } from '../initializers.js';
import { linear, mergeHeads, repeatHeads, splitHeads } from '../linear.js';
import * as m from '../math-ml.js';
import type { AttentionMechanism } from '../mechanism.js';
import type { ParameterSpec } from '../parameters.js';
import { rotaryConfig, type RotaryConfig } from '../positions/rotary-config.js';
import type { Turning } from '../positions/turning.js';
import { rmsNorm } from '../rms-norm.js';
import { HEAD_NORM_EPSILON, depth, lambdaInit } from './heads/depth.js';
import { addProjections, layerSpecs, ones, sizeOf, type Layers } from './heads/layers.js';
import { headsFields, type HeadsOptions } from './heads/place.js';

export interface DifferentialOptions extends HeadsOptions {
  /** d, the width of one of a head's two queries and keys; queryWidth / (2·heads) by default. */
  readonly headWidth?: number;
  /** Which layer it is in, from 0, which λ begins with; 0 by default. */
  readonly depth?: number;
  /** Turns queries and keys by their positions. */
  readonly rotary?: RotaryConfig;
}

type Defaulted = 'headWidth' | 'outputWidth' | 'bias' | 'depth' | 'name';
export type DifferentialConfig = { readonly kind: 'differential' } & DifferentialOptions &
  Required<Pick<DifferentialOptions, Defaulted>>;

/**
 * Differential attention: each head has two queries and keys, and its weights are the difference of two softmaxes,
 * A₁ − λ·A₂, which cancels what both attend to without reason. Weights may be below 0, and rows sum to 1 − λ. Contexts of heads are normed
 * by their root mean square, times a gain and 1 − λ_init. λ = exp(λ_q1·λ_k1) − exp(λ_q2·λ_k2) + λ_init is one number of all heads.
 *
 * Both softmaxes are one fused call of 2·H heads.
 *
 * Parameters: query_kernel [Q, 2·H·d], key_kernel [M, 2·H·d], value_kernel [M, 2·H·d], output_kernel [2·H·d, C], with biases when asked
 * for; lambda_q1, lambda_k1, lambda_q2, lambda_k2 [d]; gain [2·d]. Head h has slices 2h and 2h + 1 of queries and keys.
 *
 * @throws HeedError CONFIG_INVALID
 * @see Ye et al. 2024, arXiv:2410.05258, eq. 1 to 3
 */
export function differential(options: DifferentialOptions): AttentionMechanism<DifferentialConfig> {
  return buildMechanism(differentialDefinition, { ...options, kind: 'differential' });
}

const schema = v.pipe(
  v.strictObject({
    kind: v.literal('differential'),
    ...headsFields('differential'),
    headWidth: v.optional(width),
    depth: v.optional(depth, 0),
    rotary: v.optional(rotaryConfig),
  }),
  v.transform((given) => ({
    ...given,
    headWidth: given.headWidth ?? given.queryWidth / (2 * given.heads),
    outputWidth: given.outputWidth ?? given.queryWidth,
  })),
  v.check(({ headWidth }) => Number.isInteger(headWidth), '2·heads must divide queryWidth, or headWidth must be given'),
  v.check(
    ({ rotary: turns, headWidth }) =>
      turns === undefined || ((turns.width ?? headWidth) <= headWidth && (turns.width ?? headWidth) % 2 === 0),
    'rotary needs an even width, at most headWidth',
  ),
);

/** The score of one of a head's two queries and keys. */
const scoreOf = (which: string): string =>
  m.fraction(m.row(m.transposed(m.row(m.W(`q${which}`), m.s)), m.W(`k${which}`), m.h), m.root('<mi>d</mi>'));

export const differentialDefinition: MechanismDefinition<DifferentialConfig, DifferentialOptions> = {
  kind: 'differential',
  title: 'Differential',
  formula: {
    text: 'softmax((W_q1 s)ᵀ W_k1 h / √d) − λ softmax((W_q2 s)ᵀ W_k2 h / √d)',
    score: scoreOf('1'),
    state: m.row(
      m.symbol('α', 'α', m.ij),
      m.o('='),
      m.apply('softmax', scoreOf('1')),
      m.o('−'),
      '<mi>λ</mi>',
      m.apply('softmax', scoreOf('2')),
    ),
    value: m.row(m.W('v'), m.h),
    papers: [arXiv('2410.05258', 'Ye et al. 2024', 'eq. 1 to 3 and §2.1')],
  },
  schema,
  fit: projected,
  suggest: ({ heads }) => ({ heads: Math.max(1, Math.floor(heads / 2)) }),
  widths: ({ queryWidth, memoryWidth, outputWidth }) => ({ queryWidth, memoryWidth, contextWidth: outputWidth }),
  positional: ({ rotary: turns }) => turns !== undefined,
  parameters: parameterSpecs,
  weighs: true,
  turned: ({ rotary: turns, headWidth }) => turns && { config: turns, width: headWidth },
  bind,
  cost,
};

function bind(config: DifferentialConfig, parameters: Parameters, turning?: Turning): Body {
  const { heads, name, depth: layer } = config;
  const { query_kernel, key_kernel, value_kernel, output_kernel, gain } = parameters;
  const { query_bias, key_bias, value_bias, output_bias } = parameters;
  const lambda = (): tf.Tensor => lambdaOf(parameters, layer);
  return {
    heads,
    project(keySource, valueSource, start) {
      const keys = splitHeads(linear(keySource, key_kernel!, key_bias), 2 * heads); // [B, 2H, Tk, d]
      return {
        keys: turning ? turning.turn(keys, { offset: start }) : keys,
        values: splitHeads(linear(valueSource, value_kernel!, value_bias), heads), // [B, H, Tk, 2d]
      };
    },
    compare(query, { keys, values }, { alignment }) {
      const plain = splitHeads(linear(query, query_kernel!, query_bias), 2 * heads);
      const shape = { batch: query.shape[0], queries: query.shape[1], keys: keys.shape[2]! };
      return {
        op: 'dotProductAttention',
        query: turning ? turning.turn(plain, { offset: resolveOffsets(`${name}: rotary`, alignment, shape) }) : plain,
        key: keys,
        value: repeatHeads(values, 2 * heads),
        finish: (seen) => difference(seen, lambda()),
      };
    },
    combine(contexts) {
      const normed = tf.mul(rmsNorm(contexts, HEAD_NORM_EPSILON, gain), 1 - lambdaInit(layer));
      return linear(mergeHeads(normed as tf.Tensor4D), output_kernel!, output_bias);
    },
    between: () => ({ lambda: lambda() }),
  };
}

function lambdaOf({ lambda_q1, lambda_k1, lambda_q2, lambda_k2 }: Parameters, layer: number): tf.Tensor {
  const [first, second] = [tf.sum(tf.mul(lambda_q1!, lambda_k1!)), tf.sum(tf.mul(lambda_q2!, lambda_k2!))];
  return tf.add(tf.sub(tf.exp(first), tf.exp(second)), lambdaInit(layer));
}

/** What the first of each pair of heads found, minus λ times what the second did. */
function difference({ context, weights, logSumExp }: Finished, lambda: tf.Tensor): Finished {
  const apart = (x: tf.Tensor): [tf.Tensor, tf.Tensor] => {
    const [rows, both, ...rest] = x.shape as [number, number, ...number[]];
    const pairs = tf.reshape(x, [rows, both / 2, 2, rest.reduce((a, b) => a * b, 1)]);
    const shape = [rows, both / 2, ...rest];
    return tf.unstack(pairs, 2).map((one) => tf.reshape(one, shape)) as [tf.Tensor, tf.Tensor];
  };
  const minus = (x: tf.Tensor): tf.Tensor => {
    const [first, second] = apart(x);
    return tf.sub(first, tf.mul(lambda, second));
  };
  // A difference of softmaxes has no log Σ exp: what is told is that of the first.
  return { context: minus(context), ...(weights && { weights: minus(weights) }), logSumExp: apart(logSumExp)[0] };
}

function layersOf({ queryWidth, memoryWidth, outputWidth, heads, headWidth }: DifferentialConfig): Layers {
  const both = 2 * heads * headWidth;
  return {
    query: [queryWidth, both],
    key: [memoryWidth, both],
    value: [memoryWidth, both],
    output: [both, outputWidth],
  };
}

/** Deviation of the first λ vectors, as in the paper's code. */
const LAMBDA_DEVIATION = 0.1;

function parameterSpecs(config: DifferentialConfig): Readonly<Record<string, ParameterSpec>> {
  const { headWidth, seed } = config;
  const vector = (stream: string): ParameterSpec => ({
    shape: [headWidth],
    initial: () => normal(headWidth, LAMBDA_DEVIATION, { seed, stream }),
  });
  return {
    ...layerSpecs(layersOf(config), config),
    lambda_q1: vector('lambda_q1'),
    lambda_k1: vector('lambda_k1'),
    lambda_q2: vector('lambda_q2'),
    lambda_k2: vector('lambda_k2'),
    gain: ones([2 * headWidth]),
  };
}

function cost(tally: Tally, config: DifferentialConfig, use: MechanismUse): void {
  const { heads, headWidth } = config;
  const { batch, queries, keys, calls } = use;
  tally.parameters(sizeOf(parameterSpecs(config)));
  addProjections(tally, layersOf(config), ['key', 'value'], use);
  const request = { batch, heads: 2 * heads, queries, keys, width: headWidth, valueWidth: 2 * headWidth };
  tally.op(costOfAttention({ op: 'dotProductAttention', ...request }), calls);
}
