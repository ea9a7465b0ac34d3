import { philox4x32 } from '@heed/core';

/** So many items, chosen by the seed, the same ones on every machine; all of them, unchanged, when there are no more. */
export function sample<T>(items: readonly T[], count: number, seed: number): readonly T[] {
  if (count >= items.length) return items;
  const key = [seed % 2 ** 32, Math.floor(seed / 2 ** 32)] as const;
  const ranked = items.map((item, n) => ({ item, rank: philox4x32([n, 0, 0, 0], key)[0] }));
  return ranked
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, count)
    .map(({ item }) => item);
}
