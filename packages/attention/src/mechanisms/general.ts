import * as v from 'valibot';
import { nameOr, parseConfig, seed, width } from '../config.js';
import { defineMechanism } from '../define.js';
import { glorotUniform } from '../initializers.js';
import { linear, toOneHead } from '../linear.js';
import type { AttentionMechanism } from '../mechanism.js';
import { createParameters, type Weights } from '../parameters.js';
import { attendOneHead } from './one-head.js';

export interface GeneralOptions {
  readonly queryWidth: number;
  readonly memoryWidth: number;
  /** Of the initial parameters. */
  readonly seed: number;
  /** Begins the variables' names; 'general' by default. */
  readonly name?: string;
}

export type GeneralConfig = { readonly kind: 'general' } & Required<GeneralOptions>;

const schema = v.strictObject({
  kind: v.literal('general'),
  name: nameOr('general'),
  queryWidth: width,
  memoryWidth: width,
  seed,
});

/**
 * Luong's general attention: α_t = softmax_s(s_tᵀ W h_s), without a scale.
 *
 * Parameters: memory_kernel Wᵀ [M, Q], which takes the memory to the query's width once.
 *
 * @throws HeedError CONFIG_INVALID
 * @see Luong, Pham & Manning 2015, arXiv:1508.04025, §3.1
 */
export function general(options: GeneralOptions): AttentionMechanism {
  return buildGeneral({ ...options, kind: 'general' });
}

export function buildGeneral(options: unknown, weights?: Weights): AttentionMechanism {
  const config: GeneralConfig = parseConfig('general', schema, options);
  const { queryWidth, memoryWidth, seed } = config;
  const shape = [memoryWidth, queryWidth] as const;
  const parameters = createParameters(
    config.name,
    { memory_kernel: { shape, initial: () => glorotUniform(shape, { seed, stream: 'memory_kernel' }) } },
    weights,
  );
  return defineMechanism({
    config,
    queryWidth,
    memoryWidth,
    contextWidth: memoryWidth,
    parameters,
    project: (keys, values) => ({
      keys: toOneHead(linear(keys, parameters.memory_kernel)),
      values: toOneHead(values),
    }),
    score: (query, memory, call) => attendOneHead(query, memory, call, { scale: 1 }),
  });
}
