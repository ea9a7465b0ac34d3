import * as tf from '@tensorflow/tfjs-core';
import type { RotaryTables } from '@heed/core/model-ops';
import type { RotaryFrequencies } from './rotary-frequencies.js';

/**
 * The cosines and sines of the angles of positions, a row each. Computed in float64: float32 angles of distant positions would be off
 * by more than a pair's turn.
 */
export function angleTables(
  { inverseFrequency, attentionFactor }: RotaryFrequencies,
  positions: ArrayLike<number>,
): RotaryTables {
  const pairs = inverseFrequency.length;
  const cos = new Float32Array(positions.length * pairs);
  const sin = new Float32Array(cos.length);
  for (let row = 0, n = 0; row < positions.length; row++) {
    for (let i = 0; i < pairs; i++, n++) {
      const angle = positions[row]! * inverseFrequency[i]!;
      cos[n] = attentionFactor * Math.cos(angle);
      sin[n] = attentionFactor * Math.sin(angle);
    }
  }
  const shape: [number, number] = [positions.length, pairs];
  return { cos: tf.tensor2d(cos, shape), sin: tf.tensor2d(sin, shape) };
}
