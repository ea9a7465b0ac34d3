import { HeedError } from '@heed/base';

/** Most pixels of a picture: what a program can hold, and an image viewer opens. */
const MOST_PIXELS = 64e6;

/** @throws HeedError INVALID_ARGUMENT when a picture would have more than 64 million pixels */
export function checkSize(width: number, height: number, parts: string): void {
  if (width * height <= MOST_PIXELS) return;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `a picture of ${width} by ${height} pixels is too large`,
    hint: `draw fewer ${parts} in one file, or write CSV or JSON`,
  });
}
