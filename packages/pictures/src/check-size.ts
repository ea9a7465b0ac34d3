import { HeedError } from '@heed/base';
import { MOST_PIXELS } from './picture.js';

/**
 * Refuses a size that no picture has.
 *
 * @throws HeedError INVALID_ARGUMENT
 */
export function checkSize(what: string, width: number, height: number): void {
  const isSide = (side: number): boolean => Number.isInteger(side) && side > 0;
  if (isSide(width) && isSide(height) && width * height <= MOST_PIXELS) return;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `${what}: the size is ${width} by ${height}`,
    hint: `whole numbers of pixels from 1 on, together at most ${MOST_PIXELS} pixels`,
    details: { width, height },
  });
}
