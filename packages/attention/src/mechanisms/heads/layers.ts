import * as tf from '@tensorflow/tfjs-core';
import type { MechanismUse } from '../../cost/mechanism-use.js';
import type { Tally } from '../../cost/tally.js';
import { glorotUniform } from '../../initializers.js';
import type { ParameterSpec } from '../../parameters.js';

/** Projections by the beginning of their parameters' keys: [inputs, outputs]. */
export type Layers = Readonly<Record<string, readonly [number, number]>>;

/** Kernels NAME_kernel, and NAME_bias when asked for. */
export function layerSpecs(
  layers: Layers,
  { bias, seed }: { readonly bias: boolean; readonly seed: number },
): Record<string, ParameterSpec> {
  const specs: Record<string, ParameterSpec> = {};
  for (const [layer, shape] of Object.entries(layers)) {
    const stream = `${layer}_kernel`;
    specs[stream] = { shape, initial: () => glorotUniform(shape, { seed, stream }) };
    if (bias) specs[`${layer}_bias`] = zeros([shape[1]]);
  }
  return specs;
}

export const zeros = (shape: readonly number[]): ParameterSpec => filled(shape, 0);
export const ones = (shape: readonly number[]): ParameterSpec => filled(shape, 1);

export const filled = (shape: readonly number[], value: number): ParameterSpec => ({
  shape,
  initial: () => new Float32Array(tf.util.sizeFromShape([...shape])).fill(value),
});

/** Numbers of all parameters, for costs. */
export const sizeOf = (specs: Readonly<Record<string, ParameterSpec>>): number =>
  Object.values(specs).reduce((sum, { shape }) => sum + tf.util.sizeFromShape([...shape]), 0);

/**
 * Adds the products of projections, not their parameters.
 *
 * @param ofMemory layers of keys and values, which are projected once for all calls
 */
export function addProjections(
  tally: Tally,
  layers: Layers,
  ofMemory: readonly string[],
  { batch, keys, queries, calls }: MechanismUse,
): void {
  for (const [layer, [k, n]] of Object.entries(layers)) {
    const isOnce = ofMemory.includes(layer);
    tally.product({ m: batch * (isOnce ? keys : queries), k, n }, isOnce ? 1 : calls);
  }
}
