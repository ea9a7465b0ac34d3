import type { Filter } from './filters.js';
import { COLOURS, type RgbPicture } from './picture.js';

/** Shares of pixels are whole multiples of 2⁻²² in PIL, so that its sums are exact. */
const ONE = 2 ** 22;

/** Which pixels a new one is a sum of: the first, and their shares. */
interface Sum {
  readonly from: number;
  readonly shares: readonly number[];
}

/**
 * A picture of another size, to the bit as Pillow's `resize` makes it: rows first, then columns, each of 8 bits; the filter is as wide as
 * the picture becomes smaller.
 *
 * @param filter the nearest pixel is taken without one
 * @see https://github.com/python-pillow/Pillow/blob/main/src/libImaging/Resample.c
 */
export function resize(picture: RgbPicture, width: number, height: number, filter: Filter | undefined): RgbPicture {
  const sums = filter === undefined ? nearest : sumsOf(filter);
  const wide = width === picture.width ? picture : resizedRows(picture, sums(picture.width, width));
  return height === picture.height ? wide : resizedColumns(wide, sums(picture.height, height));
}

type Sums = (from: number, to: number) => readonly Sum[];

const nearest: Sums = (from, to) =>
  Array.from({ length: to }, (_, n) => ({ from: Math.floor(((n + 0.5) * from) / to), shares: [ONE] }));

const sumsOf =
  ({ reach, at }: Filter): Sums =>
  (from, to) => {
    const scale = from / to;
    const stretch = Math.max(scale, 1);
    return Array.from({ length: to }, (_, n) => {
      const center = (n + 0.5) * scale;
      const first = Math.max(0, Math.trunc(center - reach * stretch + 0.5));
      const end = Math.min(from, Math.trunc(center + reach * stretch + 0.5));
      const weights = Array.from({ length: end - first }, (_, k) => at((k + first - center + 0.5) / stretch));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      return { from: first, shares: weights.map((weight) => rounded((weight / total) * ONE)) };
    });
  };

/** The nearest whole number, halves away from 0. */
const rounded = (x: number): number => Math.sign(x) * Math.floor(Math.abs(x) + 0.5);

function resizedRows({ width, height, data }: RgbPicture, sums: readonly Sum[]): RgbPicture {
  const resized = new Uint8ClampedArray(sums.length * height * COLOURS);
  for (let row = 0, to = 0; row < height; row++) {
    for (const { from, shares } of sums) {
      for (let colour = 0; colour < COLOURS; colour++) {
        resized[to++] = mixed(data, (row * width + from) * COLOURS + colour, COLOURS, shares);
      }
    }
  }
  return { width: sums.length, height, data: resized };
}

function resizedColumns({ width, data }: RgbPicture, sums: readonly Sum[]): RgbPicture {
  const stride = width * COLOURS;
  const resized = new Uint8ClampedArray(sums.length * stride);
  for (const [row, { from, shares }] of sums.entries()) {
    for (let n = 0; n < stride; n++) resized[row * stride + n] = mixed(data, from * stride + n, stride, shares);
  }
  return { width, height: sums.length, data: resized };
}

function mixed(data: Uint8ClampedArray, start: number, step: number, shares: readonly number[]): number {
  let sum = ONE / 2;
  for (let k = 0, at = start; k < shares.length; k++, at += step) sum += data[at]! * shares[k]!;
  return Math.floor(sum / ONE);
}
