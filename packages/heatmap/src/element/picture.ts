import type { CheckedMap, Domain } from '../attention-map.js';
import { cellPixels } from '../pixels.js';

/** Image with one pixel for each cell, for a canvas; the browser enlarges it. */
export const cellImage = (map: CheckedMap, domain: Domain): ImageData =>
  new ImageData(cellPixels(map, domain), map.columns, map.rows);
