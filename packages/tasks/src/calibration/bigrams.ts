/** Counts of pairs of neighbouring characters: of each character, or of the beginning (''), those that followed it. */
export type Bigrams = Readonly<Record<string, Readonly<Record<string, number>>>>;

// A page loads them too: the rarest pairs change hardly a mean.
const MOST_PAIRS = 3000;
// Of a longer text, the beginning shows well enough what it is like.
const LONGEST_READ = 2000;

/** Bigrams of texts, the most frequent pairs alone where there are many different ones. */
export function countBigrams(texts: readonly string[]): Bigrams {
  const counts = new Map<string, Map<string, number>>();
  for (const text of texts) {
    for (const [before, character] of pairsOf(text)) {
      const followers = counts.get(before) ?? new Map<string, number>();
      counts.set(before, followers);
      followers.set(character, (followers.get(character) ?? 0) + 1);
    }
  }
  const pairs = [...counts].flatMap(([before, followers]) =>
    Array.from(followers, ([character, count]) => ({ before, character, count })),
  );
  const kept: Record<string, Record<string, number>> = {};
  for (const { before, character, count } of pairs.toSorted((a, b) => b.count - a.count).slice(0, MOST_PAIRS))
    (kept[before] ??= {})[character] = count;
  return kept;
}

/**
 * Mean log-probability of the characters of a text, in nats, where each is predicted from the one before it; 0 for an empty text.
 * Characters that followed nothing share what Witten and Bell leave for the unseen.
 *
 * @see Witten & Bell 1991, "The zero-frequency problem", method C; Chen & Goodman 1999, §2.4, for the interpolation
 */
export function characterModel(bigrams: Bigrams): (text: string) => number {
  const contexts = new Map(Object.entries(bigrams).map(([before, followers]) => [before, tableOf(followers)]));
  const all: Record<string, number> = {};
  for (const followers of Object.values(bigrams))
    for (const [character, count] of Object.entries(followers)) all[character] = (all[character] ?? 0) + count;
  const alone = tableOf(all);
  // One more stands for all characters that were never seen.
  const outcomes = alone.counts.size + 1;
  return (text) => {
    let sum = 0;
    let length = 0;
    for (const [before, character] of pairsOf(text)) {
      const context = contexts.get(before);
      const byItself = interpolated(alone, character, 1 / outcomes);
      sum += Math.log(context === undefined ? byItself : interpolated(context, character, byItself));
      length++;
    }
    return length === 0 ? 0 : sum / length;
  };
}

interface Table {
  readonly counts: ReadonlyMap<string, number>;
  readonly total: number;
}

function tableOf(followers: Readonly<Record<string, number>>): Table {
  const counts = new Map(Object.entries(followers));
  return { counts, total: [...counts.values()].reduce((sum, count) => sum + count, 0) };
}

const interpolated = ({ counts, total }: Table, character: string, shorter: number): number =>
  ((counts.get(character) ?? 0) + counts.size * shorter) / (total + counts.size);

function* pairsOf(text: string): Generator<[before: string, character: string]> {
  let before = '';
  let read = 0;
  for (const character of text) {
    if (read++ === LONGEST_READ) return;
    yield [before, character];
    before = character;
  }
}
