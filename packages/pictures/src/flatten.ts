import { HeedError, show } from '@heed/base';
import { COLOURS, rgbaOf, unclamped, type PictureLike, type RgbPicture } from './picture.js';

/** A colour as red, green and blue, from 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

export const WHITE: Colour = [255, 255, 255];

/**
 * A picture on a background of one colour, without alpha: c α + b (1 − α) in each channel, rounded.
 *
 * @throws HeedError INVALID_ARGUMENT for what is no picture or no colour; SHAPE_MISMATCH
 */
export function flatten(picture: PictureLike, background: Colour = WHITE): RgbPicture {
  checkColour('flatten: background', background);
  const { width, height, data } = rgbaOf(picture);
  const flat = new Uint8ClampedArray(width * height * COLOURS);
  for (let from = 0, to = 0; from < data.length; from += 4) {
    const share = data[from + 3] / 255;
    for (let n = 0; n < COLOURS; n++) flat[to++] = data[from + n] * share + background[n] * (1 - share);
  }
  return { width, height, channels: COLOURS, data: unclamped(flat) };
}

/**
 * Refuses what is no colour.
 *
 * @throws HeedError INVALID_ARGUMENT
 */
export function checkColour(what: string, colour: Colour): void {
  const isColour =
    Array.isArray(colour) && colour.length === COLOURS && colour.every((value) => value >= 0 && value <= 255);
  if (isColour) return;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `${what} is ${show(colour)}`,
    hint: 'red, green and blue from 0 to 255: [255, 255, 255]',
  });
}
