import type { Rgb } from '../color.js';
import { createPixels, type Pixels } from '../pixels.js';
import type { Picture } from './attention-overlay.js';
import type { Size } from './field.js';

/** Paper that pictures with transparent parts are drawn on: white in every theme, as drawings and emoji are made for. */
const PAPER: Rgb = [255, 255, 255];

/** Size of a picture whose longer side is `side`, of the same shape and at least one pixel high and wide. */
export function sizeWithin({ width, height }: Size, side: number): Size {
  const scale = side / Math.max(width, height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** A picture on its paper in another size: each pixel is the mean of the area that it covers, so that small pictures stay sharp. */
export function resized(picture: Picture, size: Size): Pixels {
  const pixels = createPixels(size.width, size.height, PAPER);
  const [down, across] = [spans(picture.height, size.height), spans(picture.width, size.width)];
  const sum = new Float64Array(4);
  for (let y = 0, at = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++, at += 3) {
      sum.fill(0);
      for (const [row, high] of down[y])
        for (const [column, wide] of across[x]) add(sum, picture, row, column, high * wide);
      for (let c = 0; c < 3; c++) pixels.data[at + c] = Math.round(sum[c] + (1 - sum[3]) * PAPER[c]);
    }
  }
  return pixels;
}

/** Adds a share of a pixel: its colours times its alpha, and its alpha. */
function add(sum: Float64Array, { width, channels, data }: Picture, row: number, column: number, share: number): void {
  const at = (row * width + column) * channels;
  const alpha = (channels === 4 ? data[at + 3] / 255 : 1) * share;
  for (let c = 0; c < 3; c++) sum[c] += data[at + c] * alpha;
  sum[3] += alpha;
}

/** Places of an axis that each place of another length covers, and their shares, which sum to 1. */
function spans(from: number, to: number): (readonly [place: number, share: number])[][] {
  return Array.from({ length: to }, (_, n) => {
    const [start, end] = [(n * from) / to, ((n + 1) * from) / to];
    const first = Math.floor(start);
    const last = Math.max(first, Math.ceil(end) - 1);
    return Array.from({ length: last - first + 1 }, (_, k) => {
      const place = Math.min(from - 1, first + k);
      const share = (Math.min(end, first + k + 1) - Math.max(start, first + k)) / (end - start);
      return [place, share] as const;
    });
  });
}
