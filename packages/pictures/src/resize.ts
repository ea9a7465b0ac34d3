import { checkName } from '@heed/base';
import { checkSize } from './check-size.js';
import { FILTER_NAMES, FILTERS, type Filter, type FilterName } from './filters.js';
import { hasAlpha, unclamped, type Picture } from './picture.js';
import { multiplied, unmultiplied } from './premultiply.js';

/** Shares of pixels are whole multiples of 2⁻²² in PIL, so that its sums are exact. */
const ONE = 2 ** 22;

/** Which pixels a new one is a sum of: the first, and their shares. */
interface Sum {
  readonly from: number;
  readonly shares: readonly number[];
}

/**
 * A picture of another size, to the bit as Pillow's `resize` makes it: rows first, then columns, each of 8 bits; the filter is as wide as
 * the picture becomes smaller. Colours count as much as their alpha says.
 *
 * @throws HeedError INVALID_ARGUMENT for a size that no picture has, UNKNOWN_NAME for a filter that there isn't
 * @see https://github.com/python-pillow/Pillow/blob/main/src/libImaging/Resample.c
 */
export function resize<Kind extends Picture>(
  picture: Kind,
  width: number,
  height: number,
  filter: FilterName = 'bicubic',
): Kind {
  checkSize('resize', width, height);
  checkName('filter', filter, FILTER_NAMES);
  if (width === picture.width && height === picture.height) return picture;
  const curve: Filter | undefined = FILTERS[filter];
  if (curve === undefined) return resized(picture, width, height, nearest);
  if (!hasAlpha(picture.channels)) return resized(picture, width, height, sumsOf(curve));
  return unmultiplied(resized(multiplied(picture), width, height, sumsOf(curve)));
}

type Sums = (from: number, to: number) => readonly Sum[];

function resized<Kind extends Picture>(picture: Kind, width: number, height: number, sums: Sums): Kind {
  const wide = width === picture.width ? picture : resizedRows(picture, sums(picture.width, width));
  return height === picture.height ? wide : resizedColumns(wide, sums(picture.height, height));
}

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

function resizedRows<Kind extends Picture>(picture: Kind, sums: readonly Sum[]): Kind {
  const { width, height, channels, data } = picture;
  const resized = new Uint8ClampedArray(sums.length * height * channels);
  for (let row = 0, to = 0; row < height; row++) {
    for (const { from, shares } of sums) {
      for (let channel = 0; channel < channels; channel++) {
        resized[to++] = mixed(data, (row * width + from) * channels + channel, channels, shares);
      }
    }
  }
  return { ...picture, width: sums.length, data: unclamped(resized) };
}

function resizedColumns<Kind extends Picture>(picture: Kind, sums: readonly Sum[]): Kind {
  const { width, channels, data } = picture;
  const stride = width * channels;
  const resized = new Uint8ClampedArray(sums.length * stride);
  for (const [row, { from, shares }] of sums.entries()) {
    for (let n = 0; n < stride; n++) resized[row * stride + n] = mixed(data, from * stride + n, stride, shares);
  }
  return { ...picture, height: sums.length, data: unclamped(resized) };
}

function mixed(data: Uint8Array, start: number, step: number, shares: readonly number[]): number {
  let sum = ONE / 2;
  for (let k = 0, at = start; k < shares.length; k++, at += step) sum += data[at]! * shares[k]!;
  return Math.floor(sum / ONE);
}
