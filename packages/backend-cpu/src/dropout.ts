import type { Dropout } from '@heed/core';
import { LEFT, rowStart } from './tile.js';

/** Core's `dropoutFactor` for runs of neighbouring weights, on int32 arithmetic alone; the bits are the same. */
export class DropoutRows {
  readonly #keys0 = new Int32Array(ROUNDS);
  readonly #keys1 = new Int32Array(ROUNDS);
  readonly #threshold: number;
  readonly #kept: number;

  constructor({ rate, seed }: Dropout) {
    for (let round = 0; round < ROUNDS; round++) {
      this.#keys0[round] = (seed % TWO_32) + round * WEYL_0;
      this.#keys1[round] = Math.floor(seed / TWO_32) + round * WEYL_1;
    }
    this.#threshold = Math.floor(rate * TWO_32);
    this.#kept = 1 / (1 - rate);
  }

  /** Factors of weights n, n + 1, … n + count − 1 to out[at], out[at + step], … */
  fill(n: number, count: number, out: Float64Array, at: number, step: number): void {
    let low = n % TWO_32;
    let high = Math.floor(n / TWO_32);
    for (let c = 0; c < count; c++, at += step) {
      out[at] = firstWord(low, high, this.#keys0, this.#keys1) >= this.#threshold ? this.#kept : 0;
      low++;
      if (low === TWO_32) {
        low = 0;
        high++;
      }
    }
  }

  /** Factors of a tile whose first weight is number n, with rows `keys` weights apart. */
  fillTile(n: number, keys: number, rows: number, cols: number, out: Float64Array): void {
    for (let r = 0; r < rows; r++) this.fill(n + r * keys, cols, out, rowStart(r), LEFT);
  }
}

/** The first output word of Philox 4×32-10 with counter (c0, c1, 0, 0), unsigned. */
function firstWord(c0: number, c1: number, keys0: Int32Array, keys1: Int32Array): number {
  let x0 = c0 | 0;
  let x1 = c1 | 0;
  let x2 = 0;
  let x3 = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0_HIGH, MULTIPLIER_0_LOW, x0);
    const high1 = multiplyHigh(MULTIPLIER_1_HIGH, MULTIPLIER_1_LOW, x2);
    const low0 = Math.imul(MULTIPLIER_0, x0);
    const low1 = Math.imul(MULTIPLIER_1, x2);
    x0 = high1 ^ x1 ^ keys0[round];
    x1 = low1;
    x2 = high0 ^ x3 ^ keys1[round];
    x3 = low0;
  }
  return x0 >>> 0;
}

/** The upper 32 bits of the unsigned product with a constant given in halves; no partial sum passes 2³². */
function multiplyHigh(aHigh: number, aLow: number, b: number): number {
  const bHigh = b >>> 16;
  const bLow = b & 0xffff;
  const middle = Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16);
  const carry = Math.imul(aLow, bHigh) + (middle & 0xffff);
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (carry >>> 16)) | 0;
}

const ROUNDS = 10;
const TWO_32 = 2 ** 32;
const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_0_HIGH = MULTIPLIER_0 >>> 16;
const MULTIPLIER_0_LOW = MULTIPLIER_0 & 0xffff;
const MULTIPLIER_1 = 0xcd9e8d57;
const MULTIPLIER_1_HIGH = MULTIPLIER_1 >>> 16;
const MULTIPLIER_1_LOW = MULTIPLIER_1 & 0xffff;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
