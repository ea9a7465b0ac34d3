import { checkSize } from './check-size.js';
import { rgbaOf, type Picture, type PictureLike } from './picture.js';
import { resize } from './resize.js';

const CHANNELS = 4;

/**
 * A picture as large as fits into a square, in the middle of clear pixels, RGBA.
 *
 * @param side of the square, in pixels
 * @throws HeedError INVALID_ARGUMENT for what is no picture, and for a side that no picture has; SHAPE_MISMATCH
 */
export function fitInto(given: PictureLike, side: number): Picture {
  checkSize('fitInto', side, side);
  const picture = rgbaOf(given);
  if (picture.width === side && picture.height === side) return picture;
  const scale = side / Math.max(picture.width, picture.height);
  const sized = (length: number): number => Math.max(1, Math.round(length * scale));
  const inner = resize(picture, sized(picture.width), sized(picture.height), 'bicubic');
  const data = new Uint8Array(side * side * CHANNELS);
  const [left, top] = [(side - inner.width) >> 1, (side - inner.height) >> 1];
  for (let row = 0; row < inner.height; row++) {
    const from = row * inner.width * CHANNELS;
    data.set(inner.data.subarray(from, from + inner.width * CHANNELS), ((top + row) * side + left) * CHANNELS);
  }
  return { width: side, height: side, channels: CHANNELS, data };
}
