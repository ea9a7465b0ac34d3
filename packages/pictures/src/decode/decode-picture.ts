import { HeedError, checkOptions, show } from '@heed/base';
import { MOST_PIXELS, type Picture } from '../picture.js';
import type { Decoder } from './decoder.js';
import { checkPixels, FORMATS, invalid } from './file-error.js';
import { nameAt, type Header } from './header.js';
import { JPEG } from './jpeg.js';
import { upright } from './orient.js';
import { PNG } from './png.js';
import { WEBP } from './webp.js';

const DECODERS: readonly Decoder[] = [PNG, JPEG, WEBP];

export interface DecodeOptions {
  /** Most pixels of a picture that is decoded; larger ones are refused by their headers. Default and at most `MOST_PIXELS`. */
  readonly mostPixels?: number;
}

/**
 * The picture in a PNG, JPEG or WebP file, upright as its Exif orientation says, in Node and in bundled pages alike. Greys, palettes,
 * transparent colours, alpha and sixteen bits become bytes of the channels that they have; colour profiles aren't applied.
 *
 * Files are untrusted: a picture that is too large is refused before anything of its size is made.
 *
 * @throws HeedError FILE_INVALID for another kind of file, a damaged one, one that ends too early, an animation, a JPEG of four
 *   colours (CMYK), an interlaced PNG of fewer than eight bits; FILE_TOO_LARGE; INVALID_ARGUMENT for what are no bytes
 */
export async function decodePicture(bytes: Uint8Array, options: DecodeOptions = {}): Promise<Picture> {
  checkOptions('decodePicture', options, { mostPixels: true });
  const { mostPixels = MOST_PIXELS } = options;
  if (!(Number.isInteger(mostPixels) && mostPixels > 0 && mostPixels <= MOST_PIXELS)) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `decodePicture: mostPixels is ${show(mostPixels)}`,
      hint: `a whole number from 1 to ${MOST_PIXELS}`,
    });
  }
  const decoder = decoderOf(bytes);
  return reading(decoder, async () => {
    const file = decoder.read(bytes);
    const { width, height, orientation } = decoder.headerOf(file);
    checkPixels(decoder.format, width, height, mostPixels);
    const picture = await decoder.decode(file, bytes);
    if (picture.width !== width || picture.height !== height) {
      throw invalid(
        `the ${decoder.format} file says ${width} by ${height} pixels and has ${picture.width} by ${picture.height}`,
        'the file is damaged',
      );
    }
    return upright(picture, orientation);
  });
}

/**
 * What a file says of its picture: format, sides as stored, orientation. Nothing is decoded.
 *
 * @throws HeedError as `decodePicture` does for what a header tells, whatever the size
 */
export async function pictureHeader(bytes: Uint8Array): Promise<Header> {
  const decoder = decoderOf(bytes);
  const { format, width, height, orientation } = await reading(decoder, async () =>
    decoder.headerOf(decoder.read(bytes)),
  );
  return { format, width, height, orientation };
}

function decoderOf(bytes: Uint8Array): Decoder {
  if (!(bytes instanceof Uint8Array)) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `decodePicture: the file is ${show(bytes)}`,
      hint: 'its bytes are wanted, a Uint8Array',
    });
  }
  const found = DECODERS.find(({ isIts }) => isIts(bytes));
  if (found !== undefined) return found;
  if (nameAt(bytes, 0) === 'GIF8') throw invalid('the file is a GIF', 'save the frame that you mean as a PNG file');
  const what = bytes.length === 0 ? 'is empty' : 'is no picture of a known kind';
  throw invalid(`the file ${what}`, `the known kinds are ${FORMATS.join(', ')}`);
}

/** Does a step of reading; what goes wrong in a decoder is the file's fault. */
async function reading<Result>({ format }: Decoder, step: () => Promise<Result>): Promise<Result> {
  try {
    return await step();
  } catch (cause) {
    if (HeedError.isInstance(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw invalid(`the ${format} file can't be read: ${reason}`, 'the file is damaged', cause);
  }
}
