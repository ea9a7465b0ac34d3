import type { MaskParts, Shape4 } from '@heed/core';

/** A small seeded generator for test data (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number in [low, high]. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  pick<T>(...choices: readonly T[]): T {
    return choices[this.integer(0, choices.length - 1)];
  }

  /** Evenly spread in [−size, size). */
  floats(length: number, size = 1): Float32Array {
    return Float32Array.from({ length }, () => (2 * this.next() - 1) * size);
  }

  bools(length: number, share = 0.7): Uint8Array {
    return Uint8Array.from({ length }, () => (this.next() < share ? 1 : 0));
  }

  /** A shape of which each axis is full or 1. */
  broadcastShape(full: Shape4): Shape4 {
    return full.map((n) => (this.next() < 0.5 ? 1 : n)) as unknown as Shape4;
  }

  /** Any mixture of mask parts, with the dense part's values. */
  mask(batch: number, heads: number, queries: number, keys: number): { parts: MaskParts; dense?: Uint8Array } {
    const each = (length: number, make: () => number): Int32Array => Int32Array.from({ length }, make);
    const clamp = (n: number): number => Math.max(-queries, Math.min(keys, n));
    const shape = this.next() < 0.3 ? this.broadcastShape([batch, heads, queries, keys]) : undefined;
    const runs = (length: number): Int32Array => {
      let id = 0;
      return each(length, () => (this.next() < 0.04 ? ++id : id));
    };
    return {
      parts: {
        ...(this.next() < 0.4 && {
          band: {
            lower: each(batch, () => clamp(this.pick(-queries, this.integer(-queries, 5)))),
            upper: each(batch, () => clamp(this.pick(0, keys, this.integer(-10, keys)))),
          },
        }),
        ...(this.next() < 0.3 && { lengths: each(batch, () => this.integer(0, keys)) }),
        ...(this.next() < 0.3 && { segments: { query: runs(batch * queries), key: runs(batch * keys) } }),
        ...(shape && { dense: shape }),
      },
      ...(shape && { dense: this.bools(shape.reduce((size, n) => size * n, 1)) }),
    };
  }
}
