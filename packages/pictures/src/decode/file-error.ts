import { HeedError } from '@heed/base';
import { MOST_PIXELS } from '../picture.js';

/** Formats of picture files that are read. */
export const FORMATS = ['PNG', 'JPEG', 'WebP'] as const;
export type Format = (typeof FORMATS)[number];

/** Error for a file that can't be read: FILE_INVALID. */
export const invalid = (message: string, hint?: string, cause?: unknown): HeedError =>
  new HeedError('FILE_INVALID', {
    message,
    ...(hint !== undefined && { hint }),
    ...(cause !== undefined && { cause }),
  });

/** Error for a file that ends before its format says so. */
export const truncated = (format: Format): HeedError =>
  invalid(`the ${format} file can't be read: it ends too early`, 'the file was cut off, perhaps while it was copied');

/** Error for a file that moves, of which no one picture can be chosen for the user. */
export const animated = (format: string): HeedError =>
  invalid(`the ${format} file is an animation`, 'save the frame that you mean as a PNG file');

/**
 * Refuses a size from a file's header, before anything of that size is made.
 *
 * @throws HeedError FILE_INVALID for a side of 0, FILE_TOO_LARGE
 */
export function checkPixels(format: Format, width: number, height: number, most = MOST_PIXELS): void {
  if (width === 0 || height === 0) {
    throw invalid(`the ${format} file can't be read: its picture is ${width} by ${height} pixels`);
  }
  const pixels = width * height;
  if (pixels <= most) return;
  throw new HeedError('FILE_TOO_LARGE', {
    message: `the picture has ${pixels} pixels (${width} by ${height}), the limit is ${most}`,
    hint: 'make the picture smaller',
    details: { width, height, pixels, limit: most },
  });
}
