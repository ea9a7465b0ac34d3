/** Characters of a passage: longer than what people write twice without copying. */
export const PASSAGE = 80;

/**
 * Passages that a text shares with others: presidents quote each other, and themselves, by the page.
 *
 * @param texts  what is looked at
 * @param others what they may have been copied from
 * @returns of each text, where a passage of `PASSAGE` characters starts that others have, too; ascending. Only those
 *   that start with a word.
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
/** BASE^PASSAGE: what the first character of a passage counts after the last one was added. */
const LEAVING = Array.from({ length: PASSAGE }).reduce<number>((power) => Math.imul(power, BASE), 1);

/** Every passage of the text that starts with a word, with a rolling hash, which passes over a text in one go. */
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
