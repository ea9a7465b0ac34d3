import type { Dropout } from '@heed/core';

/**
 * Philox 4×32-10, written from the paper with exact 64-bit products.
 *
 * @see Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", §3.3 and table 2
 */
const M0 = 0xd2511f53n;
const M1 = 0xcd9e8d57n;
const W0 = 0x9e3779b9n; // golden ratio
const W1 = 0xbb67ae85n; // √3 − 1
const ROUNDS = 10;
const WORD = 0xffffffffn;

/** Four words of counter and two of key to four words, all uint32, least significant first. */
export function philox(counter: readonly number[], key: readonly number[]): number[] {
  let [c0, c1, c2, c3] = counter.map(BigInt) as [bigint, bigint, bigint, bigint];
  let [k0, k1] = key.map(BigInt) as [bigint, bigint];
  for (let round = 0; round < ROUNDS; round++) {
    const p0 = M0 * c0;
    const p1 = M1 * c2;
    [c0, c1, c2, c3] = [(p1 >> 32n) ^ c1 ^ k0, p1 & WORD, (p0 >> 32n) ^ c3 ^ k1, p0 & WORD];
    k0 = (k0 + W0) & WORD;
    k1 = (k1 + W1) & WORD;
  }
  return [c0, c1, c2, c3].map(Number);
}

const TWO_32 = 2 ** 32;

/** Words that decide about the weights of a dropout, since each is asked for by forward and backward passes in both precisions. */
const wordsOf = new WeakMap<Dropout, Map<number, number>>();

/** By which weight number n, in row-major [B, H, Tq, Tk], is multiplied: 0, or 1/(1 − rate). */
export function dropoutFactor(dropout: Dropout | undefined | null): (n: number) => number {
  if (!dropout) return () => 1;
  const { rate, seed } = dropout;
  const key = [seed % TWO_32, Math.floor(seed / TWO_32)];
  const words = wordsOf.get(dropout) ?? new Map<number, number>();
  wordsOf.set(dropout, words);
  return (n) => {
    let word = words.get(n);
    if (word === undefined) words.set(n, (word = philox([n % TWO_32, Math.floor(n / TWO_32), 0, 0], key)[0]));
    return word >= Math.floor(rate * TWO_32) ? 1 / (1 - rate) : 0;
  };
}
