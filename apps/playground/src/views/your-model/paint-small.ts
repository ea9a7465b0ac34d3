import { sequential } from '@heed/heatmap/element';
import type { SmallMaps } from '../../engine/jobs.js';

const OPAQUE = 0xff;

/** Colours of weights from 0 to 255, as the pixels of a canvas, in which red is the lowest byte. */
const COLOURS = Uint32Array.from(
  sequential(),
  ([red, green, blue]) => (OPAQUE << 24) | (blue << 16) | (green << 8) | red,
);

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
