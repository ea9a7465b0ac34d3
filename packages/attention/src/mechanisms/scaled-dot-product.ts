import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { buildMechanism } from '../build.js';
import { addOneHead } from '../cost/mechanism-use.js';
import type { AnyConfig, MechanismDefinition } from '../definition.js';
import { nameOr, positive, scale, width } from '../fields.js';
import { asIs } from '../fit.js';
import { arXiv } from '../formula.js';
import * as m from '../math-ml.js';
import type { AttentionMechanism } from '../mechanism.js';
import { learnedScale, scaledComparison } from './learned-scale.js';

export interface ScaledDotProductOptions {
  /** D, of the query and of the memory, which must be equal. */
  readonly width: number;
  /** A number, 1/√D by default; or 'learned', a parameter `scale` [] that starts at 1/√D. */
  readonly scale?: number | 'learned';
  /** Scores become cap·tanh(score / cap). */
  readonly softCap?: number;
  /** Begins the variables' names; 'scaledDotProduct' by default. */
  readonly name?: string;
}

export type ScaledDotProductConfig = { readonly kind: 'scaledDotProduct' } & AnyConfig & ScaledDotProductOptions;

/**
 * Scaled dot-product attention of one head, without projections: α_t = softmax_s(scale · s_tᵀ h_s).
 *
 * @throws HeedError CONFIG_INVALID
 * @see Vaswani et al. 2017, arXiv:1706.03762, §3.2.1
 */
export function scaledDotProduct(options: ScaledDotProductOptions): AttentionMechanism<ScaledDotProductConfig> {
  return buildMechanism(scaledDotProductDefinition, { ...options, kind: 'scaledDotProduct' });
}

export const scaledDotProductDefinition: MechanismDefinition<ScaledDotProductConfig, ScaledDotProductOptions> = {
  kind: 'scaledDotProduct',
  title: 'Scaled dot product',
  formula: {
    text: 'sᵀh / √D',
    score: m.fraction(m.row(m.transposed(m.s), m.h), m.root('<mi>D</mi>')),
    papers: [arXiv('1706.03762', 'Vaswani et al. 2017', '§3.2.1')],
  },
  schema: v.strictObject({
    kind: v.literal('scaledDotProduct'),
    name: nameOr('scaledDotProduct'),
    width,
    scale: v.optional(scale),
    softCap: v.optional(positive),
  }),
  fit: asIs,
  op: {},
  widths: ({ width }) => ({ queryWidth: width, memoryWidth: width, contextWidth: width }),
  parameters: ({ width, scale }) => learnedScale(scale, 1 / Math.sqrt(width)),
  bind: ({ width, scale = 1 / Math.sqrt(width), softCap }, parameters) => ({
    readsAsStored: true,
    project: (keys, values) => ({ keys: tf.clone(keys), values: tf.clone(values) }),
    compare: (query, memory) => ({ ...scaledComparison(query, memory, scale, parameters), softCap }),
  }),
  cost(tally, { width, scale }, use) {
    tally.parameters(scale === 'learned' ? 1 : 0);
    addOneHead(tally, use, { width, valueWidth: width });
  },
};
