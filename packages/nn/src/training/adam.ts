import type { AdamAttributes } from '@heed/core/model-ops';

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

/**
 * The numbers of one step, biases of the slots corrected for. They are worked out of the step's number and not, as in
 * TensorFlow.js's optimizer, from running powers of β in float32, with which a restored run would drift from an
 * uninterrupted one.
 */
export function adamAttributes({ learningRate, step, scale }: AdamOptions): AdamAttributes {
  const correction = Math.sqrt(1 - BETA_2 ** step);
  const rate = (learningRate * correction) / (1 - BETA_1 ** step);
  return { rate, epsilon: EPSILON * correction, scale, beta1: BETA_1, beta2: BETA_2 };
}

/** Slots before the first step, for parameters of so many numbers each. */
export function zeroSlots(sizes: Readonly<Record<string, number>>): AdamSlots {
  const zeros = () => Object.fromEntries(Object.entries(sizes).map(([key, size]) => [key, new Float32Array(size)]));
  return { mean: zeros(), square: zeros() };
}
