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
  const table = new PassageTable(texts);
  for (const other of others) table.find(other);
  return table.found();
}

/** All passages of some texts, in 25 bytes each or up to 33, and which of them were found elsewhere. */
class PassageTable {
  readonly #texts: readonly string[];
  /** Numbers of passages plus 1 by their hash, with linear probing; 0 is a free slot. */
  readonly #slots: Int32Array;
  readonly #mask: number;
  readonly #hashOf: Int32Array;
  readonly #textOf: Int32Array;
  readonly #startOf: Int32Array;
  /** For each passage the first one that is the same: it stands for all of them, so that what occurs often is compared once. */
  readonly #firstOf: Int32Array;
  readonly #isFound: Uint8Array;

  constructor(texts: readonly string[]) {
    this.#texts = texts;
    let size = 0;
    for (const text of texts) eachPassage(text, () => size++);
    const slots = 2 ** Math.ceil(Math.log2(2 * size + 2));
    this.#slots = new Int32Array(slots);
    this.#mask = slots - 1;
    this.#hashOf = new Int32Array(size);
    this.#textOf = new Int32Array(size);
    this.#startOf = new Int32Array(size);
    this.#firstOf = new Int32Array(size);
    this.#isFound = new Uint8Array(size);
    let passage = 0;
    texts.forEach((text, n) =>
      eachPassage(text, (start, hash) => {
        const slot = this.#slotOf(hash, text, start);
        if (this.#slots[slot] === 0) this.#slots[slot] = passage + 1;
        this.#hashOf[passage] = hash;
        this.#textOf[passage] = n;
        this.#startOf[passage] = start;
        this.#firstOf[passage] = this.#slots[slot] - 1;
        passage++;
      }),
    );
  }

  /** Marks the passages that another text has, too. */
  find(other: string): void {
    eachPassage(other, (start, hash) => {
      const passage = this.#slots[this.#slotOf(hash, other, start)];
      if (passage > 0) this.#isFound[passage - 1] = 1;
    });
  }

  /** For each text the indices where a passage starts that was found. */
  found(): number[][] {
    const all: number[][] = this.#texts.map(() => []);
    this.#firstOf.forEach((first, passage) => {
      if (this.#isFound[first] === 1) all[this.#textOf[passage]].push(this.#startOf[passage]);
    });
    return all;
  }

  /** Slot of the passage that is the same, or a free one when there is none. */
  #slotOf(hash: number, text: string, start: number): number {
    // The low bits of a rolling hash depend on few bits of the characters: the high ones are mixed in.
    let slot = (hash ^ (hash >>> 15)) & this.#mask;
    for (; this.#slots[slot] !== 0; slot = (slot + 1) & this.#mask) {
      const passage = this.#slots[slot] - 1;
      if (this.#hashOf[passage] !== hash) continue;
      if (isSame(this.#texts[this.#textOf[passage]], this.#startOf[passage], text, start)) break;
    }
    return slot;
  }
}

const SPACE = 0x20;

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
    if (start === 0 || (start > 0 && text.charCodeAt(start - 1) === SPACE)) visit(start, hash);
  }
}

function isSame(a: string, atA: number, b: string, atB: number): boolean {
  for (let n = 0; n < PASSAGE; n++) if (a.charCodeAt(atA + n) !== b.charCodeAt(atB + n)) return false;
  return true;
}
