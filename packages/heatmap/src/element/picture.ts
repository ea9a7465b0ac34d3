import type { CheckedMap, Domain } from '../attention-map.js';
import { colorOf } from '../color.js';

/** One pixel a cell, as a canvas takes it; the browser enlarges it. */
export function cellImage(map: CheckedMap, domain: Domain): ImageData {
  const image = new ImageData(map.columns, map.rows);
  let at = 0;
  for (const row of map.weights) {
    for (let j = 0; j < map.columns; j++) {
      const [red, green, blue] = colorOf(row[j]!, domain);
      image.data[at++] = red;
      image.data[at++] = green;
      image.data[at++] = blue;
      image.data[at++] = 255;
    }
  }
  return image;
}
