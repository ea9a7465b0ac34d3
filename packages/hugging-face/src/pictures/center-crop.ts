import { COLOURS, type RgbPicture } from './picture.js';

/** The middle of a picture; where it is smaller than that, it stands in the middle of black. */
export function centerCrop(picture: RgbPicture, width: number, height: number): RgbPicture {
  const left = begin(picture.width, width);
  const top = begin(picture.height, height);
  const cropped = new Uint8ClampedArray(width * height * COLOURS);
  const [first, end] = [Math.max(0, left), Math.min(picture.width, left + width)];
  for (let y = Math.max(0, top); y < Math.min(picture.height, top + height); y++) {
    const row = picture.data.subarray((y * picture.width + first) * COLOURS, (y * picture.width + end) * COLOURS);
    cropped.set(row, ((y - top) * width + first - left) * COLOURS);
  }
  return { width, height, data: cropped };
}

/** Where a crop begins, left of the picture when negative: half a pixel goes to the left of one too large, and to the right of one too small. */
const begin = (has: number, wanted: number): number => Math.floor((has - wanted) / 2);
