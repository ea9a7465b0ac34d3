import * as tf from '@tensorflow/tfjs-core';
import { additiveAttention } from '@heed/core';
import * as v from 'valibot';
import { nameOr, parseConfig, seed, width } from '../config.js';
import { defineMechanism } from '../define.js';
import { glorotUniform } from '../initializers.js';
import { linear } from '../linear.js';
import type { AttentionMechanism } from '../mechanism.js';
import { createParameters, type Weights } from '../parameters.js';
import { refuseBias } from './refuse-bias.js';

export interface ConcatOptions {
  readonly queryWidth: number;
  readonly memoryWidth: number;
  /** U, the width in which query and memory are compared. */
  readonly units: number;
  /** Of the initial parameters. */
  readonly seed: number;
  /** Begins the variables' names; 'concat' by default. */
  readonly name?: string;
}

export type ConcatConfig = { readonly kind: 'concat' } & Required<ConcatOptions>;

const schema = v.strictObject({
  kind: v.literal('concat'),
  name: nameOr('concat'),
  queryWidth: width,
  memoryWidth: width,
  units: width,
  seed,
});

/**
 * Luong's concat attention: α_t = softmax_s(vᵀ tanh(W [s_t; h_s])), the context being the mean of h under α.
 *
 * One kernel W acts on the two put end to end, the query first; it is the additive score without a bias, but its one kernel
 * starts from one distribution. Parameters: kernel W [Q + M, U], vector v [U].
 *
 * @throws HeedError CONFIG_INVALID
 * @see Luong, Pham & Manning 2015, arXiv:1508.04025, eq. 8 as published at EMNLP
 */
export function concat(options: ConcatOptions): AttentionMechanism {
  return buildConcat({ ...options, kind: 'concat' });
}

export function buildConcat(options: unknown, weights?: Weights): AttentionMechanism {
  const config: ConcatConfig = parseConfig('concat', schema, options);
  const { queryWidth, memoryWidth, units, seed } = config;
  const shape = [queryWidth + memoryWidth, units] as const;
  const parameters = createParameters(
    config.name,
    {
      kernel: { shape, initial: () => glorotUniform(shape, { seed, stream: 'kernel' }) },
      vector: { shape: [units], initial: () => glorotUniform([units, 1], { seed, stream: 'vector' }) },
    },
    weights,
  );
  const { kernel, vector } = parameters;

  return defineMechanism({
    config,
    queryWidth,
    memoryWidth,
    contextWidth: memoryWidth,
    parameters,
    // W [s; h] = W_s s + W_h h, so the memory's part is found once.
    project: (keys, values) => ({
      keys: linear(keys, tf.slice(kernel, [queryWidth, 0], [memoryWidth, units])),
      values: tf.clone(values),
    }),
    score(query, { keys, values }, { options, bias }) {
      refuseBias(config.name, bias);
      const queries = linear(query, tf.slice(kernel, [0, 0], [queryWidth, units]));
      return additiveAttention(queries, keys, vector, values, options);
    },
  });
}
