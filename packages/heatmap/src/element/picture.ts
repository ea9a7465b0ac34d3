import type { CheckedMap, Domain } from '../attention-map.js';
import { cellPixels } from '../pixels.js';

/** One pixel a cell, as a canvas takes it; the browser enlarges it. */
export const cellImage = (map: CheckedMap, domain: Domain): ImageData =>
  new ImageData(cellPixels(map, domain), map.columns, map.rows);
