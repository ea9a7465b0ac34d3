import { SEQUENTIAL } from '@heed/heatmap/element';
import type { SmallMaps } from '../../engine/jobs.js';

/** Colours of the bytes of small maps, as the pixels of a canvas: red is the lowest byte. */
const COLOURS = Uint32Array.from(SEQUENTIAL, ([red, green, blue]) => (255 << 24) | (blue << 16) | (green << 8) | red);

/** Draws one of several small maps, with a pixel for each cell. */
export function paintSmall(canvas: HTMLCanvasElement, { rows, columns, cells }: SmallMaps, n: number): void {
  const image = new ImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  const start = n * pixels.length;
  for (let cell = 0; cell < pixels.length; cell++) pixels[cell] = COLOURS[cells[start + cell]!]!;
  canvas.width = columns;
  canvas.height = rows;
  canvas.getContext('2d')!.putImageData(image, 0, 0);
}
