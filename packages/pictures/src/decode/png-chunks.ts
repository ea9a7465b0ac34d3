import { animated, invalid, truncated } from './file-error.js';
import { orientationOf, withoutMark } from './exif.js';
import { nameAt, viewOf, type Header } from './header.js';

/** Bytes of the signature, and of a chunk around its data: length, name and checksum. */
export const SIGNATURE_LENGTH = 8;
const AROUND = 12;

/** Chunks without which there is no picture, and the transparent colour. Others are skipped: some are decompressed without a bound. */
const NEEDED = new Set(['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS']);

/** What a PNG file's header says. */
export interface PngHeader extends Header {
  readonly depth: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA. */
  readonly colourType: number;
  readonly isInterlaced: boolean;
}

/** A PNG file, cut into its chunks. */
export interface PngFile {
  readonly header: PngHeader;
  /** Whole chunks that make the picture, in their order. */
  readonly chunks: readonly Uint8Array[];
  /** Compressed pixels, in pieces. */
  readonly pixels: readonly Uint8Array[];
}

/**
 * The chunks of a PNG file.
 *
 * @throws HeedError FILE_INVALID for a file that ends too early, has no header or no pixels, and for an animation
 * @see https://www.w3.org/TR/png-3/#5Chunk-layout
 */
export function readChunks(bytes: Uint8Array): PngFile {
  const view = viewOf(bytes);
  const chunks: Uint8Array[] = [];
  const pixels: Uint8Array[] = [];
  let orientation = 1;
  let name = '';
  for (let at = SIGNATURE_LENGTH; name !== 'IEND';) {
    if (at + AROUND > bytes.length) throw truncated('PNG');
    const length = view.getUint32(at);
    const end = at + AROUND + length;
    if (end > bytes.length) throw truncated('PNG');
    name = nameAt(bytes, at + 4);
    const data = bytes.subarray(at + 8, at + 8 + length);
    if (name === 'acTL') throw animated('PNG');
    if (name === 'eXIf') orientation = orientationOf(withoutMark(data));
    if (name === 'IDAT') pixels.push(data);
    if (NEEDED.has(name)) chunks.push(bytes.subarray(at, end));
    at = end;
  }
  const [first] = chunks;
  if (nameAt(first, 4) !== 'IHDR' || first.length !== AROUND + 13) {
    throw invalid("the PNG file can't be read: it doesn't begin with its header");
  }
  if (pixels.length === 0) throw invalid("the PNG file can't be read: it has no pixels");
  return { header: { ...headerOf(first), orientation }, chunks, pixels };
}

function headerOf(chunk: Uint8Array): Omit<PngHeader, 'orientation'> {
  const view = viewOf(chunk);
  return {
    format: 'PNG',
    width: view.getUint32(8),
    height: view.getUint32(12),
    depth: view.getUint8(16),
    colourType: view.getUint8(17),
    isInterlaced: view.getUint8(20) === 1,
  };
}
