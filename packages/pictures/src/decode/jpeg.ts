import { HeedError } from '@heed/base';
import { MOST_PIXELS } from '../picture.js';
import { decoder } from './decoder.js';
import { readSegments, type JpegFile } from './jpeg-segments.js';

/** Memory that decoding may take, in MiB: 16 bytes of coefficients and samples for each of the pixels that are allowed, and more. */
const MOST_MEMORY = 4096;

/** JPEG by jpeg-js. */
export const JPEG = decoder<JpegFile>({
  format: 'JPEG',
  isIts: (bytes) => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff,
  read: readSegments,
  headerOf: (file) => file,
  async decode({ components }, bytes) {
    // A CommonJS module, whose whole is the default of bundlers and of Node alike.
    const { default: jpeg } = await import('jpeg-js');
    try {
      const { width, height, data } = jpeg.decode(bytes, {
        useTArray: true,
        formatAsRGBA: false,
        // A file that was cut off is an error, not a picture that is half grey.
        tolerantDecoding: false,
        maxResolutionInMP: MOST_PIXELS / 1e6,
        maxMemoryUsageInMB: MOST_MEMORY,
      });
      return components === 1 ? greyOf(width, height, data) : { width, height, channels: 3, data };
    } catch (cause) {
      if (!(cause instanceof Error && /maxMemoryUsageInMB|maxResolutionInMP/.test(cause.message))) throw cause;
      throw new HeedError('FILE_TOO_LARGE', {
        message: `decoding the JPEG file takes more than ${MOST_MEMORY} MiB`,
        hint: 'make the picture smaller',
        cause,
      });
    }
  },
});

/** One of the three equal colours that are made of a grey. */
const greyOf = (width: number, height: number, rgb: Uint8Array) =>
  ({ width, height, channels: 1, data: Uint8Array.from({ length: width * height }, (_, n) => rgb[3 * n]) }) as const;
