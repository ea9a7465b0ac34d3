import type { AttentionOverlay } from './attention-overlay.js';
import type { Size } from './field.js';
import { sizeWithin } from './picture.js';
import type { OverlayLook } from './scale.js';

// Pixels for each cell of a smooth map, which is enlarged further where it is shown.
const PER_CELL = 8;

/** Size in which a map is made: a pixel for each exact cell, several for each smooth one. */
export function mapSize({ grid: [rows, columns] }: AttentionOverlay, { drawn }: OverlayLook, side: number): Size {
  if (drawn === 'cells') return { width: columns, height: rows };
  const size = { width: columns * PER_CELL, height: rows * PER_CELL };
  return Math.max(size.width, size.height) > side ? sizeWithin(size, side) : size;
}
