/**
 * The share of a batch that still searches from which the others leave it. What leaving costs, a copy of what is kept of the sources,
 * is about one step of those that stay; a quarter less work in each step that follows soon pays for it.
 */
const SHARE = 3 / 4;

/**
 * Rows that are done would be computed until the longest output ends.
 *
 * @param searching whether each source of the batch still searches; some do
 * @returns places of those that do, once it pays that the others leave; else undefined
 */
export function whenOthersLeave(searching: readonly boolean[]): Int32Array | undefined {
  const places = searching.flatMap((does, place) => (does ? [place] : []));
  return places.length <= SHARE * searching.length ? Int32Array.from(places) : undefined;
}
