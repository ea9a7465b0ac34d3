import { fnv1a } from '@heed/base';
import type { Components } from './components.js';

// 32 numbers in 8 bands of 4: two sets that share 6 of 10 shingles are mostly found, two that share 3 of 10 rarely.
export const BANDS = 8;
export const ROWS = 4;
/** Length of a shingle, a run of words that is compared as one element, in words. */
export const SHINGLE = 4;

/**
 * Joins the keys of texts that have nearly the same words in the same order. It uses MinHash: the chance that two sets get the
 * same number is the share of elements that they have in common.
 *
 * @see Broder 1997, "On the resemblance and containment of documents"; Leskovec, Rajaraman & Ullman, "Mining of massive
 *   datasets", §3.4, for bands
 */
export function joinNearDuplicates(
  texts: readonly { readonly key: string; readonly words: readonly string[] }[],
  components: Components,
): void {
  for (const { key, words } of texts) {
    const signature = signatureOf(shinglesOf(words));
    for (let band = 0; band < BANDS; band++) {
      const rows = signature.subarray(band * ROWS, (band + 1) * ROWS);
      // '~' sorts after the keys of texts, so the name of a component is always one of those keys.
      components.join(key, `~${band}:${rows.join(',')}`);
    }
  }
}

/** Hashes of the runs of words in a text. */
function* shinglesOf(words: readonly string[]): Generator<number> {
  for (let start = 0; start <= Math.max(0, words.length - SHINGLE); start++) {
    yield fnv1a(words.slice(start, start + SHINGLE).join(' '));
  }
}

/** Least numbers that 32 hash functions give to a set of shingles. */
export function signatureOf(shingles: Iterable<number>): Uint32Array {
  const least = new Uint32Array(BANDS * ROWS).fill(0xffffffff);
  for (const hash of shingles) {
    for (let n = 0; n < least.length; n++) {
      const mixed = mix(hash ^ Math.imul(n + 1, 0x9e3779b9));
      if (mixed < least[n]) least[n] = mixed;
    }
  }
  return least;
}

/**
 * Mixes the bits of a hash: MurmurHash3's 32-bit finaliser.
 *
 * @see https://github.com/aappleby/smhasher
 */
export function mix(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
