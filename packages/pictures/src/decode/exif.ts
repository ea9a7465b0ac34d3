import { viewOf } from './header.js';

const ORIENTATION = 0x0112;
const UPRIGHT = 1;
const SHORT = 3;
/** Bytes of an entry of an image file directory. */
const ENTRY = 12;

/**
 * Orientation in Exif data, which are a TIFF file: the entry 0x0112 of its first directory. What can't be read counts as upright, as
 * viewers take it.
 *
 * @see TIFF 6.0, §2; Exif 2.32, §4.6.4
 */
export function orientationOf(tiff: Uint8Array): number {
  if (tiff.length < 8) return UPRIGHT;
  const view = viewOf(tiff);
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return UPRIGHT;
  const little = order === 0x4949;
  const directory = view.getUint32(4, little);
  if (view.getUint16(2, little) !== 42 || directory + 2 > tiff.length) return UPRIGHT;
  const count = view.getUint16(directory, little);
  for (let n = 0, at = directory + 2; n < count && at + ENTRY <= tiff.length; n++, at += ENTRY) {
    if (view.getUint16(at, little) !== ORIENTATION) continue;
    const value = view.getUint16(at + 8, little);
    return view.getUint16(at + 2, little) === SHORT && value >= 1 && value <= 8 ? value : UPRIGHT;
  }
  return UPRIGHT;
}

/** Exif data of a chunk, which some writers begin with JPEG's mark for them. */
export const withoutMark = (bytes: Uint8Array): Uint8Array =>
  EXIF_MARK.every((byte, n) => bytes[n] === byte) ? bytes.subarray(EXIF_MARK.length) : bytes;

/** 'Exif' and two zeros. */
const EXIF_MARK = [0x45, 0x78, 0x69, 0x66, 0, 0];
