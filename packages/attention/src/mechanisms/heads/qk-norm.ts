import * as tf from '@tensorflow/tfjs-core';
import type { Parameters } from '../../definition.js';
import { direction } from '../../direction.js';
import { splitHeads } from '../../linear.js';
import type { ParameterSpec } from '../../parameters.js';
import { rmsNorm } from '../../rms-norm.js';
import { filled, ones } from './layers.js';

/** How queries and keys are made alike in length before they are compared. */
export const QK_NORMS = ['head', 'full', 'l2'] as const;
export type QkNorm = (typeof QK_NORMS)[number];

export interface QkNormConfig {
  readonly qkNorm?: QkNorm | undefined;
  readonly qkNormEpsilon?: number | undefined;
  readonly heads: number;
  readonly keyHeads: number;
  readonly headWidth: number;
}

/** As in Qwen 3. */
const DEFAULT_EPSILON = 1e-6;

/** The scale that Henry et al. begin with is log₂(L² − L) for texts of L symbols; this is it for 36. */
const INITIAL_SCALE = 10;

export function qkNormSpecs({ qkNorm, heads, keyHeads, headWidth }: QkNormConfig): Record<string, ParameterSpec> {
  switch (qkNorm) {
    case 'head':
      return { query_gain: ones([headWidth]), key_gain: ones([headWidth]) };
    case 'full':
      return { query_gain: ones([heads * headWidth]), key_gain: ones([keyHeads * headWidth]) };
    case 'l2':
      return { norm_scale: filled([], INITIAL_SCALE) };
    case undefined:
      return {};
  }
}

/**
 * Projected queries or keys as heads, normalised: 'head' by the root mean square of each head, 'full' by that of all heads together, each
 * times a gain; 'l2' by the Euclidean norm, of queries times the learned scale.
 *
 * @param x [N, T, H·D]
 * @returns [N, H, T, D]
 */
export function normedHeads(
  which: 'query' | 'key',
  x: tf.Tensor3D,
  { qkNorm, qkNormEpsilon = DEFAULT_EPSILON, heads, keyHeads }: QkNormConfig,
  parameters: Parameters,
): tf.Tensor4D {
  const count = which === 'query' ? heads : keyHeads;
  const gain = parameters[`${which}_gain`];
  switch (qkNorm) {
    case 'head':
      return rmsNorm(splitHeads(x, count), qkNormEpsilon, gain);
    case 'full':
      return splitHeads(rmsNorm(x, qkNormEpsilon, gain), count);
    case 'l2': {
      const directions = direction(splitHeads(x, count));
      return which === 'query' ? tf.mul(directions, parameters['norm_scale']) : directions;
    }
    case undefined:
      return splitHeads(x, count);
  }
}
