/**
 * FNV-1a hash of a text's bytes in UTF-8, an unsigned 32-bit integer. Fast, but not cryptographic: anyone can make two texts
 * with the same hash.
 *
 * @see http://www.isthe.com/chongo/tech/comp/fnv/ (32 bits; offset basis and prime are the algorithm's)
 */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
