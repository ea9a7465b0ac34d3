import type { MechanismUse } from '../../cost/mechanism-use.js';
import type { Tally } from '../../cost/tally.js';

/** Heads of linear attention. */
interface LinearHeads {
  readonly heads: number;
  readonly headWidth: number;
  readonly valueWidth: number;
}

/** Adds products of queries and keys, and of weights and values. */
export function addPairs(
  tally: Tally,
  { heads, headWidth, valueWidth }: LinearHeads,
  { batch, keys, queries, calls }: MechanismUse,
): void {
  const times = batch * heads * calls;
  tally.product({ m: queries, k: headWidth, n: keys }, times);
  tally.product({ m: queries, k: keys, n: valueWidth }, times);
}

/**
 * Adds states that are made of all positions, and read by all queries.
 *
 * @param written how many products [D, Dv] a position takes: 1, or 2 for a rule that first reads what the state has for the key
 */
export function addStates(
  tally: Tally,
  { heads, headWidth, valueWidth }: LinearHeads,
  { batch, keys, queries, calls }: MechanismUse,
  { written }: { readonly written: number },
): void {
  const times = batch * heads * calls;
  tally.product({ m: headWidth, k: keys, n: valueWidth }, written * times);
  tally.product({ m: queries, k: headWidth, n: valueWidth }, times);
}
