/** At most so many of the items, evenly spread. */
export function evenly<Item>(items: readonly Item[], most: number): Item[] {
  const step = Math.max(1, items.length / most);
  return Array.from({ length: Math.min(most, items.length) }, (_, n) => items[Math.floor(n * step)]);
}
