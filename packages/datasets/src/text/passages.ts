/** Length of a passage, in characters: nobody writes so many twice without copying. */
export const PASSAGE = 80;

/**
 * Passages that texts share with others: presidents quote each other, and themselves, at length.
 *
 * @param texts  texts to look at
 * @param others texts that they may have been copied from
 * @returns for each text, the indices where a passage of `PASSAGE` characters starts that another text has too, ascending. Only
 *   passages that begin at the start of a word are compared.
 */
export function sharedPassages(texts: readonly string[], others: readonly string[]): number[][] {
  const places = new Map<number, (readonly [text: number, start: number])[]>();
  texts.forEach((text, n) =>
    eachPassage(text, (start, hash) => {
      const known = places.get(hash);
      if (known === undefined) places.set(hash, [[n, start]]);
      else known.push([n, start]);
    }),
  );
  const shared = texts.map(() => new Set<number>());
  for (const other of others) {
    eachPassage(other, (from, hash) => {
      for (const [n, start] of places.get(hash) ?? []) {
        if (isSame(texts[n], start, other, from)) shared[n].add(start);
      }
    });
  }
  return shared.map((starts) => [...starts].toSorted((a, b) => a - b));
}

// Any odd number spreads well modulo 2^32; this is FNV's prime.
const BASE = 0x01000193;
/** BASE^PASSAGE: the factor of a passage's first character in the hash after the next character was added. */
const LEAVING = Array.from({ length: PASSAGE }).reduce<number>((power) => Math.imul(power, BASE), 1);

/** Visits every passage that begins at the start of a word, with its hash. The hash is a rolling one, so one pass is enough. */
function eachPassage(text: string, visit: (start: number, hash: number) => void): void {
  let hash = 0;
  for (let end = 0; end < text.length; end++) {
    hash = (Math.imul(hash, BASE) + text.charCodeAt(end)) | 0;
    const start = end - PASSAGE + 1;
    if (start > 0) hash = (hash - Math.imul(LEAVING, text.charCodeAt(start - 1))) | 0;
    if (start === 0 || (start > 0 && text[start - 1] === ' ')) visit(start, hash);
  }
}

function isSame(a: string, atA: number, b: string, atB: number): boolean {
  for (let n = 0; n < PASSAGE; n++) if (a.charCodeAt(atA + n) !== b.charCodeAt(atB + n)) return false;
  return true;
}
