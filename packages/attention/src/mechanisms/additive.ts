import * as tf from '@tensorflow/tfjs-core';
import { additiveAttention } from '@heed/core';
import * as v from 'valibot';
import { nameOr, parseConfig, seed, width } from '../config.js';
import { defineMechanism } from '../define.js';
import { direction } from '../direction.js';
import { glorotUniform } from '../initializers.js';
import { linear } from '../linear.js';
import type { AttentionMechanism } from '../mechanism.js';
import { createParameters, type ParameterSpec, type Weights } from '../parameters.js';
import { refuseBias } from './refuse-bias.js';

export interface AdditiveOptions {
  readonly queryWidth: number;
  readonly memoryWidth: number;
  /** U, the width in which query and memory are compared. */
  readonly units: number;
  /** Whether there is a b; true by default. */
  readonly bias?: boolean;
  /** Scores with g·v/‖v‖ in place of v; false by default. */
  readonly normalized?: boolean;
  /** Of the initial parameters. */
  readonly seed: number;
  /** Begins the variables' names; 'additive' by default. */
  readonly name?: string;
}

export type AdditiveConfig = { readonly kind: 'additive' } & Required<AdditiveOptions>;

const schema = v.strictObject({
  kind: v.literal('additive'),
  name: nameOr('additive'),
  queryWidth: width,
  memoryWidth: width,
  units: width,
  bias: v.optional(v.boolean(), true),
  normalized: v.optional(v.boolean(), false),
  seed,
});

/**
 * Bahdanau's additive attention: c_i = Σ_j α_ij h_j with α_i = softmax_j(vᵀ tanh(W₂ s_i + W₁ h_j + b)).
 *
 * Parameters: query_kernel W₂ [Q, U], memory_kernel W₁ [M, U], vector v [U], bias b [U] when asked for; normalized has a
 * gain g [] too, which starts at √(1/U), and scores with g·v/‖v‖.
 *
 * @throws HeedError CONFIG_INVALID
 * @see Bahdanau, Cho & Bengio 2014, arXiv:1409.0473, §3.1 and A.1.2; Salimans & Kingma 2016, arXiv:1602.07868, eq. 2, for
 * the normalised form, which is that of TensorFlow Addons
 */
export function additive(options: AdditiveOptions): AttentionMechanism {
  return buildAdditive({ ...options, kind: 'additive' });
}

export function buildAdditive(options: unknown, weights?: Weights): AttentionMechanism {
  const config: AdditiveConfig = parseConfig('additive', schema, options);
  const { queryWidth, memoryWidth, units, seed } = config;
  const kernel = (stream: string, fanIn: number): ParameterSpec => ({
    shape: [fanIn, units],
    initial: () => glorotUniform([fanIn, units], { seed, stream }),
  });
  const parameters: Readonly<Record<string, tf.Variable>> = createParameters<string>(
    config.name,
    {
      query_kernel: kernel('query_kernel', queryWidth),
      memory_kernel: kernel('memory_kernel', memoryWidth),
      vector: { shape: [units], initial: () => glorotUniform([units, 1], { seed, stream: 'vector' }) },
      ...(config.bias && { bias: { shape: [units], initial: () => new Float32Array(units) } }),
      ...(config.normalized && { gain: { shape: [], initial: () => Float32Array.of(Math.sqrt(1 / units)) } }),
    },
    weights,
  );
  const { query_kernel, memory_kernel, vector, bias, gain } = parameters as Record<string, tf.Variable>;

  return defineMechanism({
    config,
    queryWidth,
    memoryWidth,
    contextWidth: memoryWidth,
    parameters,
    project: (keys, values) => ({ keys: linear(keys, memory_kernel!), values: tf.clone(values) }),
    score(query, { keys, values }, call) {
      refuseBias(config.name, call.bias);
      return additiveAttention(
        linear(query, query_kernel!, bias),
        keys,
        scoreVector(vector!, gain),
        values,
        call.options,
      );
    },
  });
}

/** The vector that additive attention scores with: v, or g·v/‖v‖ where there is a gain g; 0 for a v of 0. */
export function scoreVector(vector: tf.Tensor, gain: tf.Tensor | undefined): tf.Tensor {
  return gain === undefined ? vector : tf.mul(gain, direction(vector));
}
