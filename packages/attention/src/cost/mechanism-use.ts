import { costOfAttention } from './attention-cost.js';
import type { Tally } from './tally.js';

/** A mechanism at work. */
export interface MechanismUse {
  /** B */
  readonly batch: number;
  /** Tk, positions of the memory. */
  readonly keys: number;
  /** T, queries of one call. */
  readonly queries: number;
  /** Calls on one prepared memory: one for each step, or 1 when all steps attend at once. */
  readonly calls: number;
}

/** Adds dot-product attention of one head. */
export function addOneHead(
  tally: Tally,
  { batch, keys, queries, calls }: MechanismUse,
  { width, valueWidth }: { readonly width: number; readonly valueWidth: number },
): void {
  tally.op(costOfAttention({ op: 'dotProductAttention', batch, heads: 1, queries, keys, width, valueWidth }), calls);
}

/** Adds additive attention with its projections W₂ s and W₁ h, their kernels and the vector; not the bias. */
export function addAdditive(
  tally: Tally,
  { batch, keys, queries, calls }: MechanismUse,
  {
    queryWidth,
    memoryWidth,
    units,
  }: { readonly queryWidth: number; readonly memoryWidth: number; readonly units: number },
): void {
  tally.parameters((queryWidth + memoryWidth + 1) * units);
  tally.product({ m: batch * keys, k: memoryWidth, n: units });
  tally.product({ m: batch * queries, k: queryWidth, n: units }, calls);
  tally.op(costOfAttention({ op: 'additiveAttention', batch, queries, keys, units, valueWidth: memoryWidth }), calls);
}
