import { encode } from 'fast-png';
import type { CheckedMap, Domain } from './attention-map.js';
import { colorOf, type Rgb } from './color.js';

/** A picture of opaque RGB pixels, row by row. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export function createPixels(width: number, height: number, background: Rgb): Pixels {
  const data = new Uint8Array(width * height * 3);
  data.set(background.slice(0, data.length));
  // The filled part is copied after itself, so that it doubles each time.
  for (let done = 3; done < data.length; done *= 2) data.copyWithin(done, 0, done);
  return { width, height, data };
}

export function fill({ width, data }: Pixels, left: number, top: number, size: [number, number], color: Rgb): void {
  for (let y = top; y < top + size[1]; y++) {
    for (let x = left; x < left + size[0]; x++) data.set(color, (y * width + x) * 3);
  }
}

/** Draws the diagonal lines of a masked cell; the lines of neighbouring cells meet. */
export function hatch(pixels: Pixels, left: number, top: number, size: [number, number], color: Rgb): void {
  for (let y = top; y < top + size[1]; y++) {
    for (let x = left; x < left + size[0]; x++) if ((x + y) % HATCH < HATCH / 4) fill(pixels, x, y, [1, 1], color);
  }
}

/** Distance between two lines of a hatch, in pixels. */
const HATCH = 8;

/** Pixels of the cells, one for each: red, green, blue and alpha; masked cells are transparent. */
export function cellPixels(map: CheckedMap, domain: Domain): Uint8ClampedArray<ArrayBuffer> {
  const data = new Uint8ClampedArray(map.rows * map.columns * 4);
  // A large map has a million cells: no arrays are made for one.
  for (let i = 0, at = 0; i < map.rows; i++) {
    const row = map.weights[i];
    const hidden = map.masked?.[i];
    for (let j = 0; j < map.columns; j++, at += 4) {
      if (hidden?.[j]) continue;
      const color = colorOf(row[j], domain);
      data[at] = color[0];
      data[at + 1] = color[1];
      data[at + 2] = color[2];
      data[at + 3] = 255;
    }
  }
  return data;
}

export function encodeCells(map: CheckedMap, domain: Domain): Uint8Array {
  return encodePicture({ width: map.columns, height: map.rows, data: cellPixels(map, domain), channels: 4 });
}

export const encodePixels = (pixels: Pixels): Uint8Array => encodePicture({ ...pixels, channels: 3 });

/** A picture as a PNG file, every byte of its pixels kept. */
export function encodePicture(picture: Pick<Pixels, 'width' | 'height'> & EncodedChannels): Uint8Array {
  const { width, height, channels, data } = picture;
  return encode({ width, height, data, channels, depth: 8 });
}

interface EncodedChannels {
  readonly channels: 3 | 4;
  readonly data: Uint8Array | Uint8ClampedArray;
}
