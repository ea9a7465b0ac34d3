import { orientationOf, withoutMark } from './exif.js';
import { invalid, truncated } from './file-error.js';
import { viewOf, type Header } from './header.js';

/** What a JPEG file's frame says. */
export interface JpegFile extends Header {
  readonly components: number;
}

const [START_OF_SCAN, END, APP1] = [0xda, 0xd9, 0xe1];
/** Markers of frames, those of Huffman tables that jpeg-js decodes: baseline, extended, progressive. */
const DECODED = new Set([0xc0, 0xc1, 0xc2]);
/** Markers from 0xc0 to 0xcf that begin no frame: tables, and a reserved one. */
const NO_FRAMES = new Set([0xc4, 0xc8, 0xcc]);

/**
 * Header of a JPEG file: its segments up to the pixels.
 *
 * @throws HeedError FILE_INVALID for a file that ends too early, has no frame, or one that isn't decoded: lossless or arithmetic, of
 *   twelve bits, of four colours as printers have them (CMYK)
 * @see ITU-T T.81, Annex B
 */
export function readSegments(bytes: Uint8Array): JpegFile {
  const view = viewOf(bytes);
  let orientation = 1;
  let frame: Omit<JpegFile, 'orientation'> | undefined;
  for (let at = 2; ;) {
    if (at + 4 > bytes.length) throw truncated('JPEG');
    if (bytes[at] !== 0xff) throw invalid("the JPEG file can't be read: there is no marker where a segment begins");
    const marker = bytes[at + 1];
    // Any number of these bytes may stand before a marker.
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === END) throw truncated('JPEG');
    const length = view.getUint16(at + 2);
    const segment = bytes.subarray(at + 4, at + 2 + length);
    if (length < 2 || at + 2 + length > bytes.length) throw truncated('JPEG');
    if (marker === APP1) {
      const tiff = withoutMark(segment);
      // The same segment is XMP's, too.
      if (tiff !== segment) orientation = orientationOf(tiff);
    }
    if (marker >= 0xc0 && marker <= 0xcf && !NO_FRAMES.has(marker)) frame = frameOf(marker, segment);
    if (marker === START_OF_SCAN) break;
    at += 2 + length;
  }
  if (frame === undefined) throw invalid("the JPEG file can't be read: it has no frame before its pixels");
  return { ...frame, orientation };
}

function frameOf(marker: number, segment: Uint8Array): Omit<JpegFile, 'orientation'> {
  if (segment.length < 6) throw truncated('JPEG');
  const view = viewOf(segment);
  const [bits, components] = [view.getUint8(0), view.getUint8(5)];
  if (!DECODED.has(marker) || bits !== 8) {
    throw invalid(
      `the JPEG file is of a kind that isn't read: frame 0x${marker.toString(16)} of ${bits} bits`,
      'save it as a baseline or progressive JPEG of 8 bits, as cameras do',
    );
  }
  if (components === 4) {
    throw invalid('the JPEG file has four colours (CMYK), as printers have them', 'convert it to RGB');
  }
  if (components !== 1 && components !== 3) {
    throw invalid(`the JPEG file can't be read: it has ${components} colours`);
  }
  return { format: 'JPEG', width: view.getUint16(3), height: view.getUint16(1), components };
}
