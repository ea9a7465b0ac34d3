import type { Tensor } from '@tensorflow/tfjs-core';
import { leavesOf, mapLeaves, type Leaf } from './tree.js';

/** Mask that a tensor carries, null for none. */
export type MaskOf = (tensor: Leaf) => Tensor | null;

/** The mask on a value, on each tensor of a list; undefined where none of them carries one. */
export function masksOn(value: unknown, maskOf: MaskOf): unknown {
  const masks = mapLeaves(value, maskOf);
  return [masks].flat(Infinity).some((mask) => mask !== null && mask !== undefined) ? masks : undefined;
}

/**
 * Fills in masks as Keras 3 does when a layer is called: with one argument of tensors as `mask`, with several as `${name}Mask` for each,
 * wherever the layer has an argument of that name and none was given.
 */
export function withMasksOn(
  names: readonly string[],
  given: Readonly<Record<string, unknown>>,
  maskOf: MaskOf,
): Readonly<Record<string, unknown>> {
  const filled: Record<string, unknown> = { ...given };
  const holders = names.filter((name) => leavesOf(given[name]).length > 0);
  for (const name of holders) {
    const mask = holders.length === 1 && names.includes('mask') ? 'mask' : `${name}Mask`;
    if (!names.includes(mask) || filled[mask] !== undefined) continue;
    const found = masksOn(given[name], maskOf);
    if (found !== undefined) filled[mask] = found;
  }
  return filled;
}
