import { philox4x32 } from '@heed/core';

const TWO_32 = 2 ** 32;
// The last counter word keeps these numbers apart from those for other purposes.
const DOMAIN = 4;

/** Standard normal numbers, a function of seed and name alone. */
export function normals(count: number, seed: number, name: string): Float32Array {
  const key = [seed % TWO_32, Math.floor(seed / TWO_32)] as const;
  const stream = fnv1a(name);
  const values = new Float32Array(count);
  for (let n = 0; n < count; n += 4) {
    const words = philox4x32([n / 4, stream, 0, DOMAIN], key).map((word) => (word + 0.5) / TWO_32);
    values.set(boxMuller(words).slice(0, count - n), n);
  }
  return values;
}

function boxMuller([a, b, c, d]: readonly number[]): number[] {
  const [r, s] = [Math.sqrt(-2 * Math.log(a!)), Math.sqrt(-2 * Math.log(c!))];
  const [t, u] = [2 * Math.PI * b!, 2 * Math.PI * d!];
  return [r * Math.cos(t), r * Math.sin(t), s * Math.cos(u), s * Math.sin(u)];
}

/** @see http://www.isthe.com/chongo/tech/comp/fnv/ (32 bits; offset basis and prime are the algorithm's) */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
