/**
 * Small seeded generator for inputs: Steele, Lea & Flood's SplitMix in 32 bits. It must only give the same numbers everywhere and be
 * good enough to avoid accidental patterns; dropout uses Philox.
 */
export class Random {
  #state: number;

  /** Starts a stream. Streams of one seed are independent, so drawing one input doesn't change the numbers of another. */
  constructor(seed: number, stream = '') {
    this.#state = hashOf(stream, seed);
  }

  /** Uniform number in [0, 1). */
  uniform(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let z = this.#state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
  }

  /** Standard normal number, by Box and Muller. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }
}

/** FNV-1a of a text, as uint32. */
export function hashOf(text: string, seed = 0): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let n = 0; n < text.length; n++) {
    hash = Math.imul(hash ^ text.charCodeAt(n), 0x01000193) >>> 0;
  }
  return hash;
}
