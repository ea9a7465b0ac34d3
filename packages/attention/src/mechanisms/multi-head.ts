import * as tf from '@tensorflow/tfjs-core';
import { alibi, relativePosition, resolveOffsets } from '@heed/core';
import * as v from 'valibot';
import { buildMechanism } from '../build.js';
import { costOfAttention } from '../cost/attention-cost.js';
import type { MechanismUse } from '../cost/mechanism-use.js';
import type { Tally } from '../cost/tally.js';
import type { Body, MechanismDefinition, Parameters } from '../definition.js';
import { count, finite, nameOr, positive, seed, width } from '../fields.js';
import { projected } from '../fit.js';
import { arXiv } from '../formula.js';
import { glorotUniform } from '../initializers.js';
import { linear, mergeHeads, splitHeads } from '../linear.js';
import * as m from '../math-ml.js';
import type { AttentionMechanism } from '../mechanism.js';
import type { ParameterSpec } from '../parameters.js';
import { rotary } from '../positions/rotary.js';
import { rotaryConfig, type RotaryConfig } from '../positions/rotary-config.js';

export interface MultiHeadOptions {
  readonly queryWidth: number;
  readonly memoryWidth: number;
  /** Hq */
  readonly heads: number;
  /** Hk, which divides Hq: adjacent query heads share a key head. 1 is multi-query attention; Hq by default. */
  readonly keyHeads?: number;
  /** D, the width of one head's queries and keys; queryWidth / heads by default. */
  readonly headWidth?: number;
  /** Dv, the width of one head's values; headWidth by default. */
  readonly valueWidth?: number;
  /** C; queryWidth by default. */
  readonly outputWidth?: number;
  /** Whether the four projections have biases; true by default. */
  readonly bias?: boolean;
  /** Scale of the scores; 1/√D by default. */
  readonly scale?: number;
  /** Scores become cap·tanh(score / cap). */
  readonly softCap?: number;
  /** Turns queries and keys by their positions. */
  readonly rotary?: RotaryConfig;
  /** Adds −slope·distance to the scores; the slopes are the paper's by default. */
  readonly alibi?: { readonly slopes?: readonly number[] };
  /** Adds a learned number per distance, up to `reach` either way: parameter `relative` [Hq, 2·reach + 1], or [1, …] when shared. */
  readonly relative?: { readonly reach: number; readonly shared?: boolean };
  /** Seed of the initial parameters. */
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
export function multiHead(options: MultiHeadOptions): AttentionMechanism<MultiHeadConfig> {
  return buildMechanism(multiHeadDefinition, { ...options, kind: 'multiHead' });
}

/** A head's own projection of a vector. */
const headOf = (which: string, vector: string): string =>
  m.bracket(
    m.row(m.symbol('W', 'W', `<mi>${which}</mi>`, m.n), vector, m.o('+'), m.symbol('W', 'b', `<mi>${which}</mi>`, m.n)),
  );
const contextOf = (head: string): string => m.symbol('c', 'c', m.i, head);
const allContexts = m.row(contextOf('<mn>1</mn>'), m.o(';'), m.o('…'), m.o(';'), contextOf('<mi>H</mi>'));

export const multiHeadDefinition: MechanismDefinition<MultiHeadConfig, MultiHeadOptions> = {
  kind: 'multiHead',
  title: 'Multi-head',
  formula: {
    text: '(W_q s + b_q)ᵀ (W_k h + b_k) / √D, in each of H heads',
    score: m.fraction(
      m.row(m.transposed(headOf('q', m.s)), headOf('k', m.h)),
      m.root(m.row('<mi>D</mi>', m.o('/'), '<mi>H</mi>')),
    ),
    value: headOf('v', m.h),
    output: m.row(m.W('o'), m.bracket(allContexts, ['[', ']']), m.o('+'), m.symbol('W', 'b', '<mi>o</mi>')),
    papers: [
      arXiv('1706.03762', 'Vaswani et al. 2017', '§3.2.2'),
      arXiv('1911.02150', 'Shazeer 2019', '§3'),
      arXiv('2305.13245', 'Ainslie et al. 2023', '§2.2'),
    ],
  },
  schema,
  fit: projected,
  suggest: ({ heads }) => ({ heads }),
  widths: ({ queryWidth, memoryWidth, outputWidth }) => ({ queryWidth, memoryWidth, contextWidth: outputWidth }),
  positional: ({ rotary, alibi, relative }) => rotary !== undefined || alibi !== undefined || relative !== undefined,
  parameters: parameterSpecs,
  bind,
  cost,
};

function bind(config: MultiHeadConfig, parameters: Parameters): Body {
  const { heads, keyHeads, scale, softCap, name } = config;
  const { query_kernel, key_kernel, value_kernel, output_kernel } = parameters;
  const { query_bias, key_bias, value_bias, output_bias, relative } = parameters;
  return {
    heads,
    project(keySource, valueSource, start) {
      const keys = splitHeads(linear(keySource, key_kernel!, key_bias), keyHeads); // [B, Hk, Tk, D]
      return {
        keys: config.rotary ? rotary(keys, { ...config.rotary, offset: start }) : keys,
        values: splitHeads(linear(valueSource, value_kernel!, value_bias), keyHeads), // [B, Hk, Tk, Dv]
      };
    },
    compare(query, { keys, values }, { alignment }) {
      const [batch, queries] = query.shape;
      let q = splitHeads(linear(query, query_kernel!, query_bias), heads); // [B, Hq, T, D]
      if (config.rotary) {
        const shape = { batch, queries, keys: keys.shape[2]! };
        q = rotary(q, { ...config.rotary, offset: resolveOffsets(`${name}: rotary`, alignment, shape) });
      }
      const biases = [
        ...(config.alibi ? [alibi({ ...config.alibi, ...alignment })] : []),
        ...(relative ? [relativePosition(relative, alignment)] : []),
      ];
      return { op: 'dotProductAttention', query: q, key: keys, value: values, scale, softCap, biases };
    },
    combine: (contexts) => linear(mergeHeads(contexts), output_kernel!, output_bias),
  };
}

/** What turns queries, keys, values and outputs, by the beginning of their parameters' keys: [inputs, outputs]. */
function layersOf({ queryWidth, memoryWidth, outputWidth, heads, keyHeads, headWidth, valueWidth }: MultiHeadConfig) {
  return {
    query: [queryWidth, heads * headWidth],
    key: [memoryWidth, keyHeads * headWidth],
    value: [memoryWidth, keyHeads * valueWidth],
    output: [heads * valueWidth, outputWidth],
  } as const;
}

function parameterSpecs(config: MultiHeadConfig): Readonly<Record<string, ParameterSpec>> {
  const { heads, seed, relative } = config;
  const zeros = (shape: readonly number[]): ParameterSpec => ({
    shape,
    initial: () => new Float32Array(tf.util.sizeFromShape([...shape])),
  });
  const specs: Record<string, ParameterSpec> = {};
  for (const [layer, shape] of Object.entries(layersOf(config))) {
    const stream = `${layer}_kernel`;
    specs[stream] = { shape, initial: () => glorotUniform(shape, { seed, stream }) };
    if (config.bias) specs[`${layer}_bias`] = zeros([shape[1]]);
  }
  if (relative) specs['relative'] = zeros([relative.shared ? 1 : heads, 2 * relative.reach + 1]);
  return specs;
}

function cost(tally: Tally, config: MultiHeadConfig, { batch, keys, queries, calls }: MechanismUse): void {
  const { heads, keyHeads, headWidth, valueWidth, bias, relative } = config;
  for (const [layer, [k, n]] of Object.entries(layersOf(config))) {
    // Keys and values are projected once for all calls.
    const isOnce = layer === 'key' || layer === 'value';
    tally.parameters(k * n, bias ? n : 0).product({ m: batch * (isOnce ? keys : queries), k, n }, isOnce ? 1 : calls);
  }
  if (relative) tally.parameters((relative.shared ? 1 : heads) * (2 * relative.reach + 1));
  const request = { batch, heads, keyHeads, queries, keys, width: headWidth, valueWidth };
  tally.op(costOfAttention({ op: 'dotProductAttention', ...request }), calls);
}
