import type { MaskOf } from './masks-filled.js';

/** What is asked of a layer to read a call of it. */
export interface Callee {
  readonly name: string;
  readonly argumentNames: readonly string[];
  readonly inboundNodes: readonly unknown[];
  byPosition<T>(tensors: readonly T[], named?: readonly string[]): Readonly<Record<string, T | readonly T[]>>;
  fillMasks(given: Readonly<Record<string, unknown>>, maskOf: MaskOf): Readonly<Record<string, unknown>>;
}
