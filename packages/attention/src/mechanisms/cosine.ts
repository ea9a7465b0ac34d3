import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { nameOr, parseConfig, scale, width } from '../config.js';
import { defineMechanism } from '../define.js';
import { direction } from '../direction.js';
import { toOneHead } from '../linear.js';
import type { AttentionMechanism } from '../mechanism.js';
import { createParameters, type Weights } from '../parameters.js';
import { attendOneHead } from './one-head.js';

export interface CosineOptions {
  /** Of the query and of the memory, which must be equal. */
  readonly width: number;
  /** The inverse of the temperature: a number, 1 by default; or 'learned', a parameter `scale` [] that starts at 1. */
  readonly scale?: number | 'learned';
  /** Begins the variables' names; 'cosine' by default. */
  readonly name?: string;
}

export type CosineConfig = { readonly kind: 'cosine' } & Required<CosineOptions>;

const schema = v.strictObject({
  kind: v.literal('cosine'),
  name: nameOr('cosine'),
  width,
  scale: v.optional(scale, 1),
});

/**
 * Content-based attention by angle: α_t = softmax_s(β · s_tᵀ h_s / (‖s_t‖ ‖h_s‖)); a vector of length 0 has cosine 0.
 *
 * @throws HeedError CONFIG_INVALID
 * @see Graves, Wayne & Danihelka 2014, arXiv:1410.5401, eqs. 5 and 6
 */
export function cosine(options: CosineOptions): AttentionMechanism {
  return buildCosine({ ...options, kind: 'cosine' });
}

export function buildCosine(options: unknown, weights?: Weights): AttentionMechanism {
  const config: CosineConfig = parseConfig('cosine', schema, options);
  const { width, scale } = config;
  const parameters = createParameters<string>(
    config.name,
    scale === 'learned' ? { scale: { shape: [], initial: () => Float32Array.of(1) } } : {},
    weights,
  );
  return defineMechanism({
    config,
    queryWidth: width,
    memoryWidth: width,
    contextWidth: width,
    parameters,
    project: (keys, values) => ({ keys: toOneHead(direction(keys, SHORTEST)), values: toOneHead(values) }),
    score(query, memory, call) {
      const directions = direction(query, SHORTEST);
      return scale === 'learned'
        ? attendOneHead(tf.mul(directions, parameters['scale']), memory, call, { scale: 1 })
        : attendOneHead(directions, memory, call, { scale });
    },
  });
}

/** The shortest length that is told from 0, as in common L2 normalisations. */
const SHORTEST = 1e-6;
