import type { Tally } from '@heed/attention';

/** Adds the copy gate: a number for each place, from symbol, state and context. */
export function addCopying(
  tally: Tally,
  use: { rows: number; places: number; embeddingWidth: number; stateWidth: number; contextWidth: number },
): void {
  const { rows, places, embeddingWidth, stateWidth, contextWidth } = use;
  tally.parameters(embeddingWidth + stateWidth + contextWidth + 1).functions(places);
  tally.product({ m: rows, k: embeddingWidth, n: 1 });
  for (const k of [stateWidth, contextWidth]) tally.product({ m: places, k, n: 1 });
}
