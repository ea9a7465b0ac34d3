/**
 * Counts whole numbers in [0, 2⁵³), millions of them: open addressing in typed arrays, where a `Map` of as many would
 * take several times the memory.
 */
export class NumberCounter {
  #keys = new Float64Array(1024).fill(EMPTY);
  #counts = new Uint32Array(1024);
  #size = 0;

  /** One more of the number; how many there are now. */
  add(number: number): number {
    if (2 * this.#size >= this.#keys.length) this.#grow();
    const at = this.#find(number);
    if (this.#keys[at] === EMPTY) {
      this.#keys[at] = number;
      this.#size++;
    }
    return ++this.#counts[at];
  }

  get(number: number): number {
    return this.#counts[this.#find(number)];
  }

  /** Where the number is, or would be. */
  #find(number: number): number {
    const mask = this.#keys.length - 1;
    // Both halves, mixed by a multiplication and a shift (the finalizer's first round of MurmurHash3, by A. Appleby).
    let hash = Math.imul(((number % TWO_32) | 0) ^ Math.imul(Math.floor(number / TWO_32), 0x9e3779b1), 0x85ebca6b);
    hash ^= hash >>> 13;
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      if (this.#keys[at] === number || this.#keys[at] === EMPTY) return at;
    }
  }

  #grow(): void {
    const [keys, counts] = [this.#keys, this.#counts];
    this.#keys = new Float64Array(2 * keys.length).fill(EMPTY);
    this.#counts = new Uint32Array(2 * keys.length);
    keys.forEach((key, n) => {
      if (key === EMPTY) return;
      const at = this.#find(key);
      this.#keys[at] = key;
      this.#counts[at] = counts[n];
    });
  }
}

const EMPTY = -1;
const TWO_32 = 2 ** 32;
