import * as v from 'valibot';
import { buildMechanism } from '../build.js';
import type { MechanismDefinition } from '../definition.js';
import { count, finite, nameOr, positive, seed, width } from '../fields.js';
import { projected } from '../fit.js';
import { arXiv } from '../formula.js';
import * as m from '../math-ml.js';
import type { AttentionMechanism } from '../mechanism.js';
import { rotaryConfig } from '../positions/rotary-config.js';
import { GATES } from './heads/gate.js';
import { bindMultiHead } from './heads/multi-head-body.js';
import { MULTI_HEAD_CHECKS } from './heads/multi-head-checks.js';
import { headWidthFields, withHeadWidths } from './heads/place.js';
import type { MultiHeadConfig, MultiHeadOptions } from './heads/multi-head-options.js';
import { multiHeadCost, multiHeadParameters } from './heads/multi-head-parameters.js';
import { HEAD_NORMALIZERS } from './heads/normalizer.js';
import { QK_NORMS } from './heads/qk-norm.js';
import { spanSchema } from './heads/span.js';

export type { MultiHeadConfig, MultiHeadOptions };

const schema = v.pipe(
  v.strictObject({
    kind: v.literal('multiHead'),
    name: nameOr('multiHead'),
    queryWidth: width,
    memoryWidth: width,
    keysWidth: v.optional(width),
    heads: width,
    keyHeads: v.optional(width),
    ...headWidthFields,
    outputWidth: v.optional(width),
    bias: v.optional(v.boolean(), true),
    scale: v.optional(finite),
    softCap: v.optional(positive),
    rotary: v.optional(rotaryConfig),
    alibi: v.optional(v.strictObject({ slopes: v.optional(v.array(finite)) })),
    relative: v.optional(v.strictObject({ reach: count, shared: v.optional(v.boolean()) })),
    qkNorm: v.optional(v.picklist(QK_NORMS)),
    qkNormEpsilon: v.optional(positive),
    gate: v.optional(v.picklist(GATES)),
    sinks: v.optional(v.boolean()),
    learnedPosition: v.optional(v.boolean()),
    zeroPosition: v.optional(v.boolean()),
    normalizer: v.optional(v.picklist(HEAD_NORMALIZERS)),
    alpha: v.optional(v.union([v.pipe(finite, v.minValue(1)), v.literal('learned')])),
    sigmoidBias: v.optional(finite),
    talkingHeads: v.optional(v.strictObject({ softmaxHeads: v.optional(width), valueHeads: v.optional(width) })),
    span: v.optional(spanSchema),
    streaming: v.optional(
      v.strictObject({ sinks: count, window: width, positions: v.optional(v.picklist(['cache', 'text'])) }),
    ),
    seed,
  }),
  v.transform((given) => ({ ...withHeadWidths(given), keyHeads: given.keyHeads ?? given.heads })),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const config: MultiHeadConfig = dataset.value;
    const broken = MULTI_HEAD_CHECKS.find(([holds]) => !holds(config));
    if (broken !== undefined) addIssue({ message: broken[1] });
  }),
);

/**
 * Multi-head attention: head h attends with query·W_q,h to memory·W_k,h and averages memory·W_v,h; the heads' contexts, end
 * to end, times W_o are the context. Self-attention when query and memory are the same (`selfAttend`), cross-attention when
 * not; a memory that grows by `append` is the key–value cache.
 *
 * Parameters: query_kernel [Q, Hq·D], key_kernel [M, Hk·D] ([keysWidth, Hk·D] where that is given), value_kernel [M, Hk·Dv], output_kernel [Hq·Dv, C], of each the
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
  widths: ({ queryWidth, memoryWidth, keysWidth = memoryWidth, outputWidth }) => ({
    queryWidth,
    memoryWidth,
    keysWidth,
    contextWidth: outputWidth,
  }),
  positional: ({ rotary, alibi, relative, span, streaming }) =>
    [rotary, alibi, relative, span, streaming].some((setting) => setting !== undefined),
  parameters: multiHeadParameters,
  turned: ({ rotary, headWidth }) => rotary && { config: rotary, width: headWidth },
  bind: bindMultiHead,
  cost: multiHeadCost,
};
