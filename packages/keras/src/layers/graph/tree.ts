import type { Tensor } from '@tensorflow/tfjs-core';
import { SymbolicTensor, type Shape } from '@tensorflow/tfjs-layers';

/** What stands for a tensor in a call: a tensor, a symbol, or a shape alone. */
export interface Leaf {
  readonly shape: Shape;
}

export function isLeaf(value: unknown): value is Leaf {
  return typeof value === 'object' && value !== null && 'shape' in value && Array.isArray(value.shape);
}

export const isSymbol = (value: unknown): value is SymbolicTensor => value instanceof SymbolicTensor;

export const isTensor = (value: unknown): value is Tensor => isLeaf(value) && 'dataId' in value;

/** The same value with other things in place of its leaves, lists walked through. */
export function mapLeaves(value: unknown, change: (leaf: Leaf) => unknown): unknown {
  if (isLeaf(value)) return change(value);
  return Array.isArray(value) ? value.map((item) => mapLeaves(item, change)) : value;
}

/** All leaves of a value, in order. */
export function leavesOf(value: unknown): readonly Leaf[] {
  const found: Leaf[] = [];
  mapLeaves(value, (leaf) => found.push(leaf));
  return found;
}

/** The arguments of a call with other things in place of their leaves. */
export function mapArguments(
  given: Readonly<Record<string, unknown>>,
  change: (leaf: Leaf) => unknown,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, mapLeaves(value, change)]));
}
