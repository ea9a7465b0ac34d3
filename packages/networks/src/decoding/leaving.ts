/**
 * The share of a batch from which those that still search go on without the others. What leaving costs, a copy of what is kept of the
 * sources, is about one step of those that stay; a quarter less work in each step that follows soon pays for it.
 */
const SHARE = 3 / 4;

/**
 * Rows that are done would be computed until the longest output ends.
 *
 * @param searching whether each source of the batch still searches; some do
 * @returns places of the sources to keep, once it pays that the others leave; else undefined
 */
export function whenOthersLeave(searching: readonly boolean[]): Int32Array | undefined {
  const size = sizeFor(searching.filter(Boolean).length);
  if (size > SHARE * searching.length) return undefined;
  const places = searching.map((_, place) => place);
  const order = [...places.filter((place) => searching[place]), ...places.filter((place) => !searching[place])];
  return Int32Array.from(order.slice(0, size)).toSorted();
}

/**
 * 1, 2, 3, 4, 6, 8, 12, …: few sizes, so that steps which were recorded for a batch of one serve the next; up to a third of such a batch
 * are sources that are done.
 */
function sizeFor(count: number): number {
  const power = 2 ** Math.floor(Math.log2(count));
  return [power, power * 1.5, power * 2].find((size) => size >= count && Number.isInteger(size))!;
}
