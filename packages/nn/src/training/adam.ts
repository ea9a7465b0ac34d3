import type { AdamAttributes } from '@heed/core';

/** Plain arrays by parameter key. */
export type Arrays = Readonly<Record<string, Float32Array>>;

/** What Adam remembers of each parameter. */
export interface AdamSlots {
  /** Running mean of the gradient. */
  readonly mean: Arrays;
  /** Running mean of its square. */
  readonly square: Arrays;
}

export interface AdamOptions {
  readonly learningRate: number;
  /** Counts from 1. */
  readonly step: number;
  /** What every gradient is multiplied with first. */
  readonly scale: number;
}

const BETA_1 = 0.9;
const BETA_2 = 0.999;
// Kingma & Ba's values; theirs of ε, 1e-8, too.
const EPSILON = 1e-8;

/** The numbers of one step, biases of the slots corrected for. */
export function adamAttributes({ learningRate, step, scale }: AdamOptions): AdamAttributes {
  const correction = Math.sqrt(1 - BETA_2 ** step);
  const rate = (learningRate * correction) / (1 - BETA_1 ** step);
  return { rate, epsilon: EPSILON * correction, scale, beta1: BETA_1, beta2: BETA_2 };
}

export function zeroSlots(parameters: Arrays): AdamSlots {
  const zeros = () =>
    Object.fromEntries(Object.entries(parameters).map(([key, { length }]) => [key, new Float32Array(length)]));
  return { mean: zeros(), square: zeros() };
}

/** Euclidean norm over all gradients. */
export function globalNorm(gradients: Arrays): number {
  let sum = 0;
  for (const gradient of Object.values(gradients)) {
    for (let n = 0; n < gradient.length; n++) sum += gradient[n] * gradient[n];
  }
  return Math.sqrt(sum);
}

/**
 * One step of Adam: slots are updated in place, new values of the parameters returned. On plain arrays, and not with
 * TensorFlow.js's optimizer, whose running powers of β are kept in float32, so that a restored run would drift from an
 * uninterrupted one.
 *
 * @see Kingma & Ba 2014, arXiv:1412.6980, algorithm 1 in the efficient order of its §2
 */
export function adamStep(
  values: Arrays,
  gradients: Arrays,
  { mean, square }: AdamSlots,
  { learningRate, step, scale }: AdamOptions,
): Record<string, Float32Array> {
  const { rate, epsilon } = adamAttributes({ learningRate, step, scale });
  const next: Record<string, Float32Array> = {};
  for (const [key, gradient] of Object.entries(gradients)) {
    next[key] = stepOne(values[key], gradient, mean[key], square[key]);
  }
  return next;

  function stepOne(value: Float32Array, gradient: Float32Array, m: Float32Array, v: Float32Array): Float32Array {
    const result = new Float32Array(value.length);
    for (let n = 0; n < value.length; n++) {
      const g = gradient[n] * scale;
      const mn = BETA_1 * m[n] + (1 - BETA_1) * g;
      const vn = BETA_2 * v[n] + (1 - BETA_2) * g * g;
      m[n] = mn;
      v[n] = vn;
      result[n] = value[n] - (rate * mn) / (Math.sqrt(vn) + epsilon);
    }
    return result;
  }
}
