import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';

/** Masks of a run by the tensors that carry them, bool. */
export type Masks = WeakMap<Tensor, Tensor>;

/** Mask that an argument carries: of a list a list with null for those that carry none; null where there is none at all. */
export function carriedMasks(argument: unknown, masks: Masks): unknown {
  if (argument instanceof tf.Tensor) return masks.get(argument) ?? null;
  if (!Array.isArray(argument)) return null;
  const each = argument.map((one) => carriedMasks(one, masks));
  return each.every((mask) => mask === null) ? null : each;
}

/** Lets outputs carry what the layer makes of its first argument's mask, where it supports masks and they don't carry one yet. */
export function passMasks(
  layer: layers.Layer,
  first: unknown,
  outputs: readonly Tensor[],
  before: unknown,
  masks: Masks,
): void {
  if (!layer.supportsMasking || outputs.every((output) => masks.has(output))) return;
  const found = layer.computeMask(first as Tensor, before as Tensor) as Tensor | (Tensor | null)[] | null;
  for (const [n, mask] of (Array.isArray(found) ? found : [found]).entries()) {
    const output = outputs[n];
    if (output !== undefined && mask !== null && mask !== undefined && !masks.has(output)) masks.set(output, mask);
  }
}
