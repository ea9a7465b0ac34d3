import { encode } from 'fast-png';
import type { CheckedMap, Domain } from './attention-map.js';
import { colorOf, type Rgb } from './color.js';

/** Opaque RGB pixels, row by row. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export function createPixels(width: number, height: number, background: Rgb): Pixels {
  const data = new Uint8Array(width * height * 3);
  for (let n = 0; n < data.length; n += 3) data.set(background, n);
  return { width, height, data };
}

export function fill({ width, data }: Pixels, left: number, top: number, size: [number, number], color: Rgb): void {
  for (let y = top; y < top + size[1]; y++) {
    for (let x = left; x < left + size[0]; x++) data.set(color, (y * width + x) * 3);
  }
}

/** One pixel a cell. */
export function cellPixels(map: CheckedMap, domain: Domain): Pixels {
  const pixels = createPixels(map.columns, map.rows, [0, 0, 0]);
  for (let i = 0; i < map.rows; i++) {
    for (let j = 0; j < map.columns; j++) fill(pixels, j, i, [1, 1], colorOf(map.weights[i]![j]!, domain));
  }
  return pixels;
}

export function encodePixels({ width, height, data }: Pixels): Uint8Array {
  return encode({ width, height, data, channels: 3, depth: 8 });
}
