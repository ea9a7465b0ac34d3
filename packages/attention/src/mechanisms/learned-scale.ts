import * as tf from '@tensorflow/tfjs-core';
import type { DotProductComparison } from '../comparison.js';
import type { Parameters } from '../definition.js';
import type { ParameterSpec } from '../parameters.js';
import type { Projection } from '../projection.js';

/** The parameter `scale` [] when the scale is 'learned', and none when it is a number. */
export const learnedScale = (scale: number | 'learned' | undefined, initial: number): Record<string, ParameterSpec> =>
  scale === 'learned' ? { scale: { shape: [], initial: () => Float32Array.of(initial) } } : {};

/** Dot products of one head times a scale that is a number, or a parameter. */
export function scaledComparison(
  query: tf.Tensor3D,
  { keys, values }: Projection,
  scale: number | 'learned',
  parameters: Parameters,
): DotProductComparison {
  const isLearned = scale === 'learned';
  return {
    op: 'dotProductAttention',
    query: isLearned ? tf.mul(query, parameters['scale']) : query,
    key: keys,
    value: values,
    scale: isLearned ? 1 : scale,
  };
}
