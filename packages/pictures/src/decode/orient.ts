import type { Picture } from '../picture.js';

/** Where an upright picture's pixel is in a stored one: x and y of the stored, of the upright one's and its sides. */
type Place = (x: number, y: number, width: number, height: number) => readonly [x: number, y: number];

/** Places by Exif's orientation, from 1 on; those from 5 on exchange the sides. */
const PLACES: readonly Place[] = [
  (x, y) => [x, y],
  (x, y, width) => [width - 1 - x, y],
  (x, y, width, height) => [width - 1 - x, height - 1 - y],
  (x, y, _, height) => [x, height - 1 - y],
  (x, y) => [y, x],
  (x, y, width) => [y, width - 1 - x],
  (x, y, width, height) => [height - 1 - y, width - 1 - x],
  (x, y, _, height) => [height - 1 - y, x],
];
const FIRST_TURNED = 5;

/**
 * The upright picture of a stored one.
 *
 * @param orientation of Exif, 1 to 8
 * @see Exif 2.32, §4.6.4: where row 0 and column 0 of the stored picture are
 */
export function upright(stored: Picture, orientation: number): Picture {
  if (orientation === 1) return stored;
  const { channels, data } = stored;
  const isTurned = orientation >= FIRST_TURNED;
  const [width, height] = isTurned ? [stored.height, stored.width] : [stored.width, stored.height];
  const place = PLACES[orientation - 1];
  const turned = new Uint8Array(data.length);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [fromX, fromY] = place(x, y, width, height);
      const from = (fromY * stored.width + fromX) * channels;
      for (let channel = 0; channel < channels; channel++) turned[to++] = data[from + channel];
    }
  }
  return { width, height, channels, data: turned };
}
