import type { Domain } from '../attention-map.js';
import { colorOf, shareOf, type Rgb } from '../color.js';
import type { Pixels } from '../pixels.js';

// How much of the picture a colour hides, at the low end of the scale and at its high end.
const LEAST_COVER = 0.1;
const MOST_COVER = 0.75;

/** How much of the picture the colour of a weight hides, from 0 to 1. */
const coverOf = (weight: number, domain: Domain): number =>
  LEAST_COVER + (MOST_COVER - LEAST_COVER) * shareOf(weight, domain);

/** A map to lie over a picture: red, green, blue and alpha of each weight. */
export function shades(field: Float32Array, domain: Domain): Uint8ClampedArray<ArrayBuffer> {
  const data = new Uint8ClampedArray(field.length * 4);
  for (let n = 0; n < field.length; n++) {
    data.set(colorOf(field[n], domain), 4 * n);
    data[4 * n + 3] = 255 * coverOf(field[n], domain);
  }
  return data;
}

/** Colours of a picture with a map over it, in which there is a weight for each pixel. */
export function shaded({ width, height, data }: Pixels, field: Float32Array, domain: Domain): Pixels {
  const seen = new Uint8Array(data.length);
  for (let n = 0; n < field.length; n++) {
    const color: Rgb = colorOf(field[n], domain);
    const cover = coverOf(field[n], domain);
    for (let c = 0; c < 3; c++) seen[3 * n + c] = Math.round(data[3 * n + c] * (1 - cover) + color[c] * cover);
  }
  return { width, height, data: seen };
}
