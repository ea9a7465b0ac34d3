import * as tf from '@tensorflow/tfjs-core';
import { alibi, dense, dotProductAttention, relativePosition, resolveOffsets, sumOf, type Bias } from '@heed/core';
import * as v from 'valibot';
import { count, finite, nameOr, parseConfig, positive, seed, width } from '../config.js';
import { defineMechanism } from '../define.js';
import { glorotUniform } from '../initializers.js';
import { linear, mergeHeads, splitHeads } from '../linear.js';
import type { AttentionMechanism } from '../mechanism.js';
import { createParameters, type ParameterSpec, type Weights } from '../parameters.js';
import { rotary, rotaryConfig, type RotaryConfig } from '../positions/rotary.js';

export interface MultiHeadOptions {
  readonly queryWidth: number;
  readonly memoryWidth: number;
  /** Hq */
  readonly heads: number;
  /** Hk, which divides Hq: adjacent query heads share a key head. 1 is multi-query attention; Hq by default. */
  readonly keyHeads?: number;
  /** D, of one head's queries and keys; queryWidth / heads by default. */
  readonly headWidth?: number;
  /** Dv, of one head's values; headWidth by default. */
  readonly valueWidth?: number;
  /** C; queryWidth by default. */
  readonly outputWidth?: number;
  /** Whether the four projections have biases; true by default. */
  readonly bias?: boolean;
  /** Of the scores; 1/√D by default. */
  readonly scale?: number;
  /** Scores become cap·tanh(score / cap). */
  readonly softCap?: number;
  /** Turns queries and keys by their positions. */
  readonly rotary?: RotaryConfig;
  /** Adds −slope·distance to the scores; the slopes are the paper's by default. */
  readonly alibi?: { readonly slopes?: readonly number[] };
  /** Adds a learned number per distance, up to `reach` either way: parameter `relative` [Hq, 2·reach + 1], or [1, …] when shared. */
  readonly relative?: { readonly reach: number; readonly shared?: boolean };
  /** Of the initial parameters. */
  readonly seed: number;
  /** Begins the variables' names; 'multiHead' by default. */
  readonly name?: string;
}

type Defaulted = 'keyHeads' | 'headWidth' | 'valueWidth' | 'outputWidth' | 'bias' | 'name';
export type MultiHeadConfig = { readonly kind: 'multiHead' } & MultiHeadOptions &
  Required<Pick<MultiHeadOptions, Defaulted>>;

const schema = v.pipe(
  v.strictObject({
    kind: v.literal('multiHead'),
    name: nameOr('multiHead'),
    queryWidth: width,
    memoryWidth: width,
    heads: width,
    keyHeads: v.optional(width),
    headWidth: v.optional(width),
    valueWidth: v.optional(width),
    outputWidth: v.optional(width),
    bias: v.optional(v.boolean(), true),
    scale: v.optional(finite),
    softCap: v.optional(positive),
    rotary: v.optional(rotaryConfig),
    alibi: v.optional(v.strictObject({ slopes: v.optional(v.array(finite)) })),
    relative: v.optional(v.strictObject({ reach: count, shared: v.optional(v.boolean()) })),
    seed,
  }),
  v.transform((given) => {
    const headWidth = given.headWidth ?? given.queryWidth / given.heads;
    return {
      ...given,
      keyHeads: given.keyHeads ?? given.heads,
      headWidth,
      valueWidth: given.valueWidth ?? headWidth,
      outputWidth: given.outputWidth ?? given.queryWidth,
    };
  }),
  v.check(({ headWidth }) => Number.isInteger(headWidth), 'heads must divide queryWidth, or headWidth must be given'),
  v.check(({ heads, keyHeads }) => heads % keyHeads === 0, 'keyHeads must divide heads'),
  v.check(
    ({ rotary, headWidth }) =>
      rotary === undefined || ((rotary.width ?? headWidth) <= headWidth && (rotary.width ?? headWidth) % 2 === 0),
    'rotary needs an even width, at most headWidth',
  ),
  v.check(
    ({ alibi, heads }) => alibi?.slopes === undefined || alibi.slopes.length === heads,
    'alibi needs one slope per head',
  ),
);

/**
 * Multi-head attention: head h attends with query·W_q,h to memory·W_k,h and averages memory·W_v,h; the heads' contexts, end
 * to end, times W_o are the context. Self-attention when query and memory are the same (`selfAttend`), cross-attention when
 * not; a memory that grows by `append` is the key–value cache.
 *
 * Parameters: query_kernel [Q, Hq·D], key_kernel [M, Hk·D], value_kernel [M, Hk·Dv], output_kernel [Hq·Dv, C], of each the
 * columns or rows of head 0 first; with biases query_bias, key_bias, value_bias and output_bias; with relative positions
 * relative [Hq or 1, 2·reach + 1].
 *
 * @throws HeedError CONFIG_INVALID
 * @see Vaswani et al. 2017, arXiv:1706.03762, §3.2.2; Shazeer 2019, arXiv:1911.02150 (one key head); Ainslie et al. 2023,
 * arXiv:2305.13245 (grouped heads)
 */
export function multiHead(options: MultiHeadOptions): AttentionMechanism {
  return buildMultiHead({ ...options, kind: 'multiHead' });
}

export function buildMultiHead(options: unknown, weights?: Weights): AttentionMechanism {
  const config: MultiHeadConfig = parseConfig('multiHead', schema, options);
  const { queryWidth, memoryWidth, outputWidth, heads, keyHeads, scale, softCap } = config;
  const parameters = createParameters<string>(config.name, parameterSpecs(config), weights);
  const { query_kernel, key_kernel, value_kernel, output_kernel } = parameters as Record<string, tf.Variable>;
  const { query_bias, key_bias, value_bias, output_bias, relative } = parameters as Record<string, tf.Variable>;

  return defineMechanism({
    config,
    queryWidth,
    memoryWidth,
    contextWidth: outputWidth,
    parameters,
    positional: config.rotary !== undefined || config.alibi !== undefined || config.relative !== undefined,
    project(keySource, valueSource, start) {
      const keys = splitHeads(linear(keySource, key_kernel!, key_bias), keyHeads); // [B, Hk, Tk, D]
      return {
        keys: config.rotary ? rotary(keys, { ...config.rotary, offset: start }) : keys,
        values: splitHeads(linear(valueSource, value_kernel!, value_bias), keyHeads), // [B, Hk, Tk, Dv]
      };
    },
    score(query, { keys, values }, { options, alignment, bias }) {
      const [batch, queries] = query.shape;
      let q = splitHeads(linear(query, query_kernel!, query_bias), heads); // [B, Hq, T, D]
      if (config.rotary) {
        const shape = { batch, queries, keys: keys.shape[2]! };
        q = rotary(q, { ...config.rotary, offset: resolveOffsets(`${config.name}: rotary`, alignment, shape) });
      }
      const biases: Bias[] = [
        ...(config.alibi ? [alibi({ ...config.alibi, ...alignment })] : []),
        ...(relative ? [relativePosition(relative, alignment)] : []),
        ...(bias ? [bias instanceof tf.Tensor ? dense(bias) : bias] : []),
      ];
      const { context, ...rest } = dotProductAttention(q, keys, values, {
        ...options,
        scale,
        softCap,
        ...(biases.length > 0 && { bias: sumOf(...biases) }),
      });
      return { ...rest, context: linear(mergeHeads(context), output_kernel!, output_bias) };
    },
  });
}

function parameterSpecs(config: MultiHeadConfig): Readonly<Record<string, ParameterSpec>> {
  const { queryWidth, memoryWidth, outputWidth, heads, keyHeads, headWidth, valueWidth, seed, relative } = config;
  const layers = {
    query: [queryWidth, heads * headWidth],
    key: [memoryWidth, keyHeads * headWidth],
    value: [memoryWidth, keyHeads * valueWidth],
    output: [heads * valueWidth, outputWidth],
  } as const;
  const zeros = (shape: readonly number[]): ParameterSpec => ({
    shape,
    initial: () => new Float32Array(tf.util.sizeFromShape([...shape])),
  });
  const specs: Record<string, ParameterSpec> = {};
  for (const [layer, shape] of Object.entries(layers)) {
    const stream = `${layer}_kernel`;
    specs[stream] = { shape, initial: () => glorotUniform(shape, { seed, stream }) };
    if (config.bias) specs[`${layer}_bias`] = zeros([shape[1]]);
  }
  if (relative) specs['relative'] = zeros([relative.shared ? 1 : heads, 2 * relative.reach + 1]);
  return specs;
}
