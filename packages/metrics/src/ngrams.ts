/** Counts of the sequences of n items. The separator must not occur in items of more than one character. */
export function ngramCounts(items: readonly string[], n: number, separator: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (let start = 0; start + n <= items.length; start++) {
    const ngram = items.slice(start, start + n).join(separator);
    counts.set(ngram, (counts.get(ngram) ?? 0) + 1);
  }
  return counts;
}

/** Number of sequences that are also in the reference, each counted at most as often as it occurs there. */
export function matches(counts: ReadonlyMap<string, number>, reference: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const [ngram, count] of counts) sum += Math.min(count, reference.get(ngram) ?? 0);
  return sum;
}
