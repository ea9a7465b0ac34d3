import { checkSize } from './check-size.js';
import type { Picture } from './picture.js';

/**
 * The middle of a picture; where it is smaller than that, it stands in the middle of zeros: black, or clear where there is alpha.
 *
 * @throws HeedError INVALID_ARGUMENT for a size that no picture has
 */
export function centerCrop<Kind extends Picture>(picture: Kind, width: number, height: number): Kind {
  checkSize('centerCrop', width, height);
  const { channels } = picture;
  const left = begin(picture.width, width);
  const top = begin(picture.height, height);
  const cropped = new Uint8Array(width * height * channels);
  const [first, end] = [Math.max(0, left), Math.min(picture.width, left + width)];
  for (let y = Math.max(0, top); y < Math.min(picture.height, top + height); y++) {
    const row = picture.data.subarray((y * picture.width + first) * channels, (y * picture.width + end) * channels);
    cropped.set(row, ((y - top) * width + first - left) * channels);
  }
  return { ...picture, width, height, data: cropped };
}

/** Where a crop begins, left of the picture when negative: half a pixel goes to the left of one too large, and to the right of one too small. */
const begin = (has: number, wanted: number): number => Math.floor((has - wanted) / 2);
