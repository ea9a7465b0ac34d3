import { orientationOf, withoutMark } from './exif.js';
import { animated, invalid, truncated } from './file-error.js';
import { nameAt, viewOf, type Header } from './header.js';

/** Bytes before the chunks: 'RIFF', the file's length, 'WEBP'. */
const HEADER_LENGTH = 12;
const ANIMATION = 0x02;

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Header of a WebP file: the larger of what its canvas and its pixels say, which a right file says alike.
 *
 * @throws HeedError FILE_INVALID for a file that ends too early or has no pixels, and for an animation
 * @see RFC 9649, §2
 */
export function readWebp(bytes: Uint8Array): Header {
  const view = viewOf(bytes);
  if (bytes.length < HEADER_LENGTH || bytes.length < view.getUint32(4, true) + 8) throw truncated('WebP');
  let orientation = 1;
  let canvas: Size = { width: 0, height: 0 };
  let pixels: Size | undefined;
  for (let at = HEADER_LENGTH; at + 8 <= bytes.length;) {
    const length = view.getUint32(at + 4, true);
    const data = bytes.subarray(at + 8, at + 8 + length);
    if (data.length < length) throw truncated('WebP');
    switch (nameAt(bytes, at)) {
      case 'VP8X':
        if (length < 10) throw truncated('WebP');
        if ((data[0] & ANIMATION) !== 0) throw animated('WebP');
        canvas = { width: 1 + uint24(data, 4), height: 1 + uint24(data, 7) };
        break;
      case 'ANIM':
      case 'ANMF':
        throw animated('WebP');
      case 'VP8 ':
        pixels ??= sizeOfLossy(data);
        break;
      case 'VP8L':
        pixels ??= sizeOfLossless(data);
        break;
      case 'EXIF':
        orientation = orientationOf(withoutMark(data));
        break;
    }
    // A chunk of an odd length is followed by one byte more.
    at += 8 + length + (length % 2);
  }
  if (pixels === undefined) throw invalid("the WebP file can't be read: it has no pixels");
  const [width, height] = [Math.max(canvas.width, pixels.width), Math.max(canvas.height, pixels.height)];
  return { format: 'WebP', width, height, orientation };
}

const uint24 = (data: Uint8Array, at: number): number => data[at] | (data[at + 1] << 8) | (data[at + 2] << 16);

/** Size of a VP8 key frame, RFC 6386, §9.1: after three bytes and a start code, sides of 14 bits. */
function sizeOfLossy(data: Uint8Array): Size {
  if (data.length < 10) throw truncated('WebP');
  const view = viewOf(data);
  return { width: view.getUint16(6, true) & 0x3fff, height: view.getUint16(8, true) & 0x3fff };
}

/** Size of lossless pixels, RFC 9649, §3.4: after a signature byte, sides less one of 14 bits. */
function sizeOfLossless(data: Uint8Array): Size {
  if (data.length < 5) throw truncated('WebP');
  const bits = viewOf(data).getUint32(1, true);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}
