import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { buildMechanism } from '../build.js';
import { addOneHead } from '../cost/mechanism-use.js';
import type { MechanismDefinition } from '../definition.js';
import { direction } from '../direction.js';
import { nameOr, scale, width } from '../fields.js';
import { asIs } from '../fit.js';
import { arXiv } from '../formula.js';
import * as m from '../math-ml.js';
import type { AttentionMechanism } from '../mechanism.js';
import { learnedScale, scaledComparison } from './learned-scale.js';

export interface CosineOptions {
  /** Width of the query and of the memory, which must be equal. */
  readonly width: number;
  /** The inverse of the temperature: a number, 1 by default; or 'learned', a parameter `scale` [] that starts at 1. */
  readonly scale?: number | 'learned';
  /** Begins the variables' names; 'cosine' by default. */
  readonly name?: string;
}

export type CosineConfig = { readonly kind: 'cosine' } & Required<CosineOptions>;

/**
 * Content-based attention by angle: α_t = softmax_s(β · s_tᵀ h_s / (‖s_t‖ ‖h_s‖)); a vector of length 0 has cosine 0.
 *
 * @throws HeedError CONFIG_INVALID
 * @see Graves, Wayne & Danihelka 2014, arXiv:1410.5401, eqs. 5 and 6
 */
export function cosine(options: CosineOptions): AttentionMechanism<CosineConfig> {
  return buildMechanism(cosineDefinition, { ...options, kind: 'cosine' });
}

const length = (vector: string): string => m.bracket(vector, ['‖', '‖']);

export const cosineDefinition: MechanismDefinition<CosineConfig, CosineOptions> = {
  kind: 'cosine',
  title: 'Cosine',
  formula: {
    text: 'sᵀh / (‖s‖ ‖h‖)',
    score: m.fraction(m.row(m.transposed(m.s), m.h), m.row(length(m.s), length(m.h))),
    papers: [arXiv('1410.5401', 'Graves, Wayne & Danihelka 2014', 'eqs. 5 and 6')],
  },
  schema: v.strictObject({
    kind: v.literal('cosine'),
    name: nameOr('cosine'),
    width,
    scale: v.optional(scale, 1),
  }),
  fit: asIs,
  widths: ({ width }) => ({ queryWidth: width, memoryWidth: width, contextWidth: width }),
  parameters: ({ scale }) => learnedScale(scale, 1),
  bind: ({ scale }, parameters) => ({
    project: (keys, values) => ({ keys: direction(keys, SHORTEST), values: tf.clone(values) }),
    compare: (query, memory) => scaledComparison(direction(query, SHORTEST), memory, scale, parameters),
  }),
  cost(tally, { width, scale }, use) {
    tally.parameters(scale === 'learned' ? 1 : 0);
    addOneHead(tally, use, { width, valueWidth: width });
  },
};

/** The shortest length that is told from 0, as in common L2 normalisations. */
const SHORTEST = 1e-6;
