import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { nameOr, parseConfig, positive, scale, width } from '../config.js';
import { defineMechanism } from '../define.js';
import { toOneHead } from '../linear.js';
import type { AttentionMechanism } from '../mechanism.js';
import { createParameters, type Weights } from '../parameters.js';
import { attendOneHead } from './one-head.js';

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

export type ScaledDotProductConfig = {
  readonly kind: 'scaledDotProduct';
  readonly name: string;
} & ScaledDotProductOptions;

const schema = v.strictObject({
  kind: v.literal('scaledDotProduct'),
  name: nameOr('scaledDotProduct'),
  width,
  scale: v.optional(scale),
  softCap: v.optional(positive),
});

/**
 * Scaled dot-product attention of one head, without projections: α_t = softmax_s(scale · s_tᵀ h_s).
 *
 * @throws HeedError CONFIG_INVALID
 * @see Vaswani et al. 2017, arXiv:1706.03762, §3.2.1
 */
export function scaledDotProduct(options: ScaledDotProductOptions): AttentionMechanism {
  return buildScaledDotProduct({ ...options, kind: 'scaledDotProduct' });
}

export function buildScaledDotProduct(options: unknown, weights?: Weights): AttentionMechanism {
  const config: ScaledDotProductConfig = parseConfig('scaledDotProduct', schema, options);
  const { width, softCap } = config;
  const { scale = 1 / Math.sqrt(width) } = config;
  const initial = (): Float32Array => Float32Array.of(1 / Math.sqrt(width));
  const parameters = createParameters<string>(
    config.name,
    scale === 'learned' ? { scale: { shape: [], initial } } : {},
    weights,
  );
  return defineMechanism({
    config,
    queryWidth: width,
    memoryWidth: width,
    contextWidth: width,
    parameters,
    project: (keys, values) => ({ keys: toOneHead(keys), values: toOneHead(values) }),
    score: (query, memory, call) =>
      scale === 'learned'
        ? attendOneHead(tf.mul(query, parameters['scale']), memory, call, { scale: 1, softCap })
        : attendOneHead(query, memory, call, { scale, softCap }),
  });
}
