import type { DecodedPng } from 'fast-png';
import type { Channels, Picture } from '../picture.js';
import { decoder } from './decoder.js';
import { invalid } from './file-error.js';
import { joined } from './joined.js';
import { readChunks, SIGNATURE_LENGTH, type PngFile } from './png-chunks.js';
import { checkLength } from './png-length.js';
import { withTransparentColour } from './transparent-colour.js';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** PNG by fast-png, behind checks of what it takes for granted. */
export const PNG = decoder<PngFile>({
  format: 'PNG',
  isIts: (bytes) => SIGNATURE.every((byte, n) => bytes[n] === byte),
  read: readChunks,
  headerOf: ({ header }) => header,
  async decode(file, bytes) {
    const { isInterlaced, depth } = file.header;
    // fast-png takes a byte for each pixel there.
    if (isInterlaced && depth < 8) {
      throw invalid(
        `the PNG file is interlaced, of ${depth}-bit pixels, which isn't read`,
        'save it without interlacing',
      );
    }
    await checkLength(file);
    const { convertIndexedToRgb, decode } = await import('fast-png');
    const needed = joined([bytes.subarray(0, SIGNATURE_LENGTH), ...file.chunks]);
    const decoded = decode(needed, { checkCrc: true });
    const palette = decoded.palette ?? (depth < 8 ? greys(2 ** depth, decoded.transparency?.[0]) : undefined);
    if (palette === undefined) return ofColours(decoded);
    const { width, height } = decoded;
    // Its type is of colours without alpha or with it; greys have one value, or two.
    const data = convertIndexedToRgb({ ...decoded, palette: palette as DecodedPng['palette'] });
    return { width, height, channels: palette[0].length as Channels, data };
  },
});

/** A picture whose samples are numbers of eight or sixteen bits. */
function ofColours({ width, height, channels, depth, data, transparency }: DecodedPng): Picture {
  const bytes = depth === 16 ? Uint8Array.from(data, (value) => value >> 8) : new Uint8Array(data);
  const picture: Picture = { width, height, channels: channels as Channels, data: bytes };
  return transparency === undefined ? picture : withTransparentColour(picture, data, transparency);
}

/** Greys of fewer than eight bits are packed as places in a palette are, so they are read as one: of values, or of values and alpha. */
const greys = (count: number, clear: number | undefined): number[][] =>
  Array.from({ length: count }, (_, n) => {
    const value = (255 * n) / (count - 1);
    return clear === undefined ? [value] : [value, n === clear ? 0 : 255];
  });
