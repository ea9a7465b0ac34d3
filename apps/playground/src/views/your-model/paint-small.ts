import { sequential } from '@heed/heatmap/element';
import type { SmallMaps } from '../../engine/jobs.js';

/** Colours of weights from 0 to 255, as the pixels of a canvas, in which red is the lowest byte. */
const pixels = (alpha: (share: number) => number): Uint32Array =>
  Uint32Array.from(
    sequential(),
    ([red, green, blue], n) => (Math.round(255 * alpha(n / 255)) << 24) | (blue << 16) | (green << 8) | red,
  );

const COLOURS = pixels(() => 1);
/** Colours over a picture, which is seen through those of small weights. */
export const SHADES = pixels((share) => 0.35 + 0.45 * share);

/** Draws one of several small maps, with a pixel for each cell. */
export function paintSmall(canvas: HTMLCanvasElement, { rows, columns, cells }: SmallMaps, n: number): void {
  const image = new ImageData(columns, rows);
  const painted = new Uint32Array(image.data.buffer);
  const start = n * painted.length;
  for (let cell = 0; cell < painted.length; cell++) painted[cell] = COLOURS[cells[start + cell]!]!;
  canvas.width = columns;
  canvas.height = rows;
  canvas.getContext('2d')!.putImageData(image, 0, 0);
}
