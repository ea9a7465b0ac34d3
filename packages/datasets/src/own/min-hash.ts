import type { NumberedComponents } from '../numbered-components.js';
import { BANDS, mix, ROWS, SHINGLE, signatureOf } from '../near-duplicates.js';

/** Least number of words of texts that are compared: shorter ones are alike by chance. */
const LEAST_WORDS = 8;

/**
 * Joins the numbers of texts that have nearly the same words in the same order, by MinHash as `joinNearDuplicates` does, with 8
 * numbers of 4 bytes a text. Texts of fewer than `LEAST_WORDS` words are not compared.
 *
 * @param words words of the text of a number
 */
export function joinAlike(size: number, words: (n: number) => readonly string[], components: NumberedComponents): void {
  const bands = new Uint32Array(size * BANDS);
  const compared = new Uint8Array(size);
  for (let n = 0; n < size; n++) {
    const all = words(n);
    if (all.length < LEAST_WORDS) continue;
    compared[n] = 1;
    const signature = signatureOf(shinglesOf(all));
    for (let band = 0; band < BANDS; band++) {
      let hash = 0;
      for (let row = 0; row < ROWS; row++) hash = mix(hash ^ signature[band * ROWS + row]);
      bands[n * BANDS + band] = hash;
    }
  }
  // Two texts by chance with the same 32 bits are joined, too: then they are in one part, which harms nothing.
  for (let band = 0; band < BANDS; band++) {
    const first = new Map<number, number>();
    for (let n = 0; n < size; n++) {
      if (compared[n] === 0) continue;
      const hash = bands[n * BANDS + band];
      const other = first.get(hash);
      if (other === undefined) first.set(hash, n);
      else components.join(other, n);
    }
  }
}

/** Hashes of the runs of words, made of the hash of each word. */
function shinglesOf(words: readonly string[]): Uint32Array {
  const hashes = Uint32Array.from(words, hashOf);
  const shingles = new Uint32Array(Math.max(1, words.length - SHINGLE + 1));
  for (let start = 0; start < shingles.length; start++) {
    let hash = 0;
    for (let n = start; n < start + SHINGLE; n++) hash = mix(hash ^ hashes[n]);
    shingles[start] = hash;
  }
  return shingles;
}

/** FNV-1a over UTF-16 code units, which needs no encoder. */
function hashOf(word: string): number {
  let hash = 0x811c9dc5;
  for (let n = 0; n < word.length; n++) hash = Math.imul(hash ^ word.charCodeAt(n), 0x01000193);
  return hash >>> 0;
}
