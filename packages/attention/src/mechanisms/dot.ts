import * as v from 'valibot';
import { nameOr, parseConfig, width } from '../config.js';
import { defineMechanism } from '../define.js';
import { toOneHead } from '../linear.js';
import type { AttentionMechanism } from '../mechanism.js';
import { createParameters, type Weights } from '../parameters.js';
import { attendOneHead } from './one-head.js';

export interface DotOptions {
  /** Of the query and of the memory, which must be equal. */
  readonly width: number;
  /** Shown in messages; 'dot' by default. */
  readonly name?: string;
}

export type DotConfig = { readonly kind: 'dot' } & Required<DotOptions>;

const schema = v.strictObject({ kind: v.literal('dot'), name: nameOr('dot'), width });

/**
 * Luong's dot attention: α_t = softmax_s(s_tᵀ h_s), without a scale. It has no parameters.
 *
 * @throws HeedError CONFIG_INVALID
 * @see Luong, Pham & Manning 2015, arXiv:1508.04025, §3.1
 */
export function dot(options: DotOptions): AttentionMechanism {
  return buildDot({ ...options, kind: 'dot' });
}

export function buildDot(options: unknown, weights?: Weights): AttentionMechanism {
  const config: DotConfig = parseConfig('dot', schema, options);
  const { width } = config;
  return defineMechanism({
    config,
    queryWidth: width,
    memoryWidth: width,
    contextWidth: width,
    parameters: createParameters(config.name, {}, weights),
    project: (keys, values) => ({ keys: toOneHead(keys), values: toOneHead(values) }),
    score: (query, memory, call) => attendOneHead(query, memory, call, { scale: 1 }),
  });
}
