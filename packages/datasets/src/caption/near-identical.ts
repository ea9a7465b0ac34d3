import { hashDistance, perceptualHash, type Picture } from '@heed/pictures';

/** Cells of a side of the small picture that colours are compared by. */
const CELLS = 8;
const CHANNELS = 4;
/** Numbers by which most pictures are told apart: of each channel, the sums of the four quarters of the small picture. */
const COARSE = 4 * CHANNELS;
/** Step from a number of a small picture to the next that is compared: odd, so that it comes to all 256. */
const FAR = 77;
/** Mean difference of the small pictures' bytes, colours times alpha and alpha, up to which two pictures may be near-identical. */
const MOST_DIFFERENCE = 6;
const MOST_OF_ALL = MOST_DIFFERENCE * CELLS * CELLS * CHANNELS;
/** Difference of one cell of the small pictures up to which nobody would say that something else is drawn there. */
const MOST_OF_A_CELL = 12;
/** Bits of the perceptual hashes in which near-identical pictures differ at most: pHash's usual bound for copies of a picture. */
const MOST_BITS = 10;

/**
 * Pictures that are compared. Two are near-identical when their small pictures have nearly the same colours, since the hash sees only greys, and
 * their perceptual hashes differ in few bits, since small pictures don't show what is drawn. Hashes are computed when they are first needed.
 */
export class Likeness {
  readonly #pictures: readonly Picture[];
  readonly #small: readonly Int16Array[];
  readonly #sums: readonly number[];
  readonly #hashes: (bigint | undefined)[] = [];

  /** @param pictures 64 by 64, in RGBA */
  constructor(pictures: readonly Picture[]) {
    this.#pictures = pictures;
    this.#small = pictures.map(smallOf);
    this.#sums = this.#small.map((cells) => cells.reduce((sum, value) => sum + value, 0));
  }

  /** All pairs that are near-identical, the lesser number first, in no order. */
  *pairs(): Generator<readonly [a: number, b: number]> {
    // Sums of small pictures differ at most as much as these do, so each is compared only with those of a like sum.
    const order = this.#sums.map((_, n) => n).toSorted((a, b) => this.#sums[a] - this.#sums[b] || a - b);
    // For the same reason sums of their quarters tell most of these apart; they lie in this order, since memory is what comparing waits for.
    const coarse = new Int32Array(order.length * COARSE);
    for (const [n, a] of order.entries()) addQuarters(this.#small[a], coarse.subarray(n * COARSE, (n + 1) * COARSE));
    for (const [n, a] of order.entries()) {
      for (let m = n + 1; m < order.length; m++) {
        const b = order[m];
        if (this.#sums[b] - this.#sums[a] > MOST_OF_ALL) break;
        if (isNear(coarse, n * COARSE, m * COARSE) && this.areAlike(a, b)) yield a < b ? [a, b] : [b, a];
      }
    }
  }

  areAlike(a: number, b: number): boolean {
    return this.#areNear(a, b) && hashDistance(this.#hashOf(a), this.#hashOf(b)) <= MOST_BITS;
  }

  /** Whether no part of two pictures shows a difference: a skin tone, if they have two. */
  areSame(a: number, b: number): boolean {
    const [first, second] = [this.#small[a], this.#small[b]];
    return first.every((value, n) => Math.abs(value - second[n]) <= MOST_OF_A_CELL);
  }

  #areNear(a: number, b: number): boolean {
    const [first, second] = [this.#small[a], this.#small[b]];
    let left = MOST_OF_ALL;
    // Cells far from each other first, as those beside each other are alike: so pictures that differ are told apart early.
    for (let k = 0, n = 0; k < first.length; k++, n = (n + FAR) & (first.length - 1)) {
      const difference = first[n] - second[n];
      left -= difference < 0 ? -difference : difference;
      if (left < 0) return false;
    }
    return true;
  }

  #hashOf(n: number): bigint {
    return (this.#hashes[n] ??= perceptualHash(this.#pictures[n]));
  }
}

/** Whether the numbers from `a` on differ from those from `b` on no more than near-identical small pictures may. */
function isNear(coarse: Int32Array, a: number, b: number): boolean {
  let left = MOST_OF_ALL;
  for (let k = 0; k < COARSE; k++) left -= Math.abs(coarse[a + k] - coarse[b + k]);
  return left >= 0;
}

/** Adds up each quarter of a small picture, by its channels. */
function addQuarters(small: Int16Array, sums: Int32Array): void {
  for (const [n, value] of small.entries()) {
    const [cell, channel] = [Math.floor(n / CHANNELS), n % CHANNELS];
    const [row, column] = [Math.floor(cell / CELLS), cell % CELLS];
    const quarter = 2 * Number(row >= CELLS / 2) + Number(column >= CELLS / 2);
    sums[quarter * CHANNELS + channel] += value;
  }
}

/** Means of the cells of a picture of 64 by 64: alpha, and colours times alpha, so that colours of clear pixels don't count. */
function smallOf({ width, height, data }: Picture): Int16Array {
  const [wide, high] = [width / CELLS, height / CELLS];
  const means = new Int16Array(CELLS * CELLS * CHANNELS);
  for (let cell = 0; cell < CELLS * CELLS; cell++) {
    const [left, top] = [(cell % CELLS) * wide, Math.floor(cell / CELLS) * high];
    let [red, green, blue, all] = [0, 0, 0, 0];
    for (let y = top; y < top + high; y++) {
      for (let at = (y * width + left) * CHANNELS, end = at + wide * CHANNELS; at < end; at += CHANNELS) {
        const alpha = data[at + 3];
        red += data[at] * alpha;
        green += data[at + 1] * alpha;
        blue += data[at + 2] * alpha;
        all += alpha;
      }
    }
    const mean = (sum: number): number => Math.round(sum / (wide * high));
    means.set([mean(red / 255), mean(green / 255), mean(blue / 255), mean(all)], cell * CHANNELS);
  }
  return means;
}
