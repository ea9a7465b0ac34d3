import type { Example } from './example.js';

/**
 * Baseline without context: it replaces each source symbol by the target symbol that is most common for it. A model that
 * doesn't beat it has learnt nothing from context. Counted position by position on examples whose target is as long as the
 * source; a source symbol that never occurs there gets the target symbol that is most common overall.
 */
export function positionalBaseline(examples: readonly Example[]): (source: readonly string[]) => string[] {
  const counts = new Map<string, Map<string, number>>();
  const overall = new Map<string, number>();
  for (const { source, targets } of examples) {
    for (const target of targets) {
      if (target.length !== source.length) continue;
      source.forEach((symbol, i) => {
        const own = counts.get(symbol) ?? new Map<string, number>();
        counts.set(symbol, own);
        for (const counter of [own, overall]) counter.set(target[i], (counter.get(target[i]) ?? 0) + 1);
      });
    }
  }
  const guesses = new Map(Array.from(counts, ([symbol, counter]) => [symbol, mostCommon(counter)]));
  const fallback = mostCommon(overall);
  return (source) => source.flatMap((symbol) => guesses.get(symbol) ?? fallback ?? []);
}

/** The most common symbol; among equally common ones, the one that was counted first. */
function mostCommon(counter: ReadonlyMap<string, number>): string | undefined {
  let best: [string, number] | undefined;
  for (const entry of counter) if (best === undefined || entry[1] > best[1]) best = entry;
  return best?.[0];
}
